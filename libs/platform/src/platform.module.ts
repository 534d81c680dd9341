import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AuditLog } from './auth/audit-log.js';
import { Clock } from './clock/clock.js';
import { Config } from './config/config.js';
import { provideSecrets } from './config/generated-secrets.js';
import { Outbox } from './events/outbox.js';
import { Metrics } from './metrics/metrics.js';
import { OutboundClient } from './outbound/outbound-client.js';
import { OutboundSockets } from './outbound/outbound-sockets.js';
import { KeyRing } from './secrets/key-ring.js';

/** What everything may inject: `Config`, `Clock`, `KeyRing`, `AuditLog`, `Metrics`, `OutboundClient`, `OutboundSockets`, `Outbox`. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(config: Config): DynamicModule {
    provideSecrets(config);
    return {
      module: PlatformModule,
      providers: [
        { provide: Config, useValue: config },
        { provide: KeyRing, useFactory: () => new KeyRing(config.encryptionKeys ?? '') },
        AuditLog,
        Clock,
        Metrics,
        OutboundClient,
        OutboundSockets,
        Outbox,
      ],
      exports: [AuditLog, Clock, Config, KeyRing, Metrics, OutboundClient, OutboundSockets, Outbox],
    };
  }
}
