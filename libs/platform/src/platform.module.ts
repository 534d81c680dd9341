import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Clock } from './clock/clock.js';
import { Config } from './config/config.js';
import { provideSecrets } from './config/generated-secrets.js';
import { KeyRing } from './secrets/key-ring.js';

/** What everything may inject: `Config`, `Clock`, `KeyRing`. */
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
        Clock,
      ],
      exports: [Config, KeyRing, Clock],
    };
  }
}
