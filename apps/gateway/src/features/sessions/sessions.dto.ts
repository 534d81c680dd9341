import { ApiProperty } from '@nestjs/swagger';
import { type Session, sessionStatuses, type SessionStatus } from '@app/database/entities/session.entity.js';
import { Text } from '@app/platform/http/fields.js';
import type { QrCode } from './sessions.service.js';

export class CreateSessionDto {
  @Text({ max: 100, example: 'Sales' }) name: string;
}

export class RequestPairingCodeDto {
  @Text({ max: 30, description: 'The phone number of the account, with country code.', example: '+62 812 3456 7890' })
  phone: string;
}

export class LinkedAccountDto {
  @ApiProperty() waId: string;
  @ApiProperty({ type: String, nullable: true }) phone: string | null;
  @ApiProperty({ type: String, nullable: true }) lid: string | null;
  @ApiProperty({ type: String, nullable: true }) name: string | null;
}

export class SessionDto {
  @ApiProperty() id: string;
  @ApiProperty() name: string;
  @ApiProperty({ enum: ['started', 'stopped'], description: 'What was asked for; resumed after a restart.' })
  desiredState: 'started' | 'stopped';
  @ApiProperty({ enum: sessionStatuses }) status: SessionStatus;
  @ApiProperty({ type: String, nullable: true, description: 'Why, in a stable word such as `pairing_expired`.' })
  reason: string | null;
  @ApiProperty({ type: LinkedAccountDto, nullable: true }) me: LinkedAccountDto | null;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({ format: 'date-time' }) updatedAt: string;

  static from(this: void, session: Session): SessionDto {
    const { id, name, desiredState, status, reason, waId, phone, lid, pushName } = session;
    return {
      id,
      name,
      desiredState,
      status,
      reason,
      me: waId === null ? null : { waId, phone, lid, name: pushName },
      createdAt: session.createdAt.toISOString(),
      updatedAt: session.updatedAt.toISOString(),
    };
  }
}

export class QrDto {
  @ApiProperty({ description: 'The text of the QR code.' }) qr: string;
  @ApiProperty({ description: 'The QR code as a PNG data URL.' }) image: string;
  @ApiProperty({ format: 'date-time' }) expiresAt: string;

  static from({ text, png, expiresAt }: QrCode): QrDto {
    const image = `data:image/png;base64,${png.toString('base64')}`;
    return { qr: text, image, expiresAt: expiresAt.toISOString() };
  }
}

export class PairingCodeDto {
  @ApiProperty({ example: 'ABCD-EFGH', description: 'To be typed on the phone under "Linked devices".' }) code: string;
}
