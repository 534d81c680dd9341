import { ApiProperty } from '@nestjs/swagger';

export class FieldProblemDto {
  @ApiProperty({ description: 'JSON pointer to the field.', example: '/name' })
  pointer: string;

  @ApiProperty({ description: 'What is allowed there.', example: 'must be a text of 1 to 60 characters' })
  detail: string;
}

/** Every error answer (RFC 9457). */
export class ProblemDto {
  @ApiProperty({ example: 'urn:problem:session.not-found' }) type: string;
  @ApiProperty({ example: 'Not found' }) title: string;
  @ApiProperty({ example: 404 }) status: number;
  @ApiProperty({ description: 'A sentence for a person; it may change.' }) detail: string;
  @ApiProperty({ description: 'The path that was asked for.', example: '/v1/sessions/ses_1' }) instance: string;
  @ApiProperty({ description: 'Stable; for programs.', example: 'session.not-found' }) code: string;
  @ApiProperty({ description: 'The same as in the header x-request-id.' }) requestId: string;
  @ApiProperty({ type: [FieldProblemDto], required: false, description: 'What is wrong with which field.' })
  errors?: FieldProblemDto[];
}
