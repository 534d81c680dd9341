const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    // Its ES modules import JSON in a way that Jest warns of, in every file anew.
    '^libphonenumber-js/min$': '<rootDir>/node_modules/libphonenumber-js/min/index.cjs',
    '^@app/([^/]+)/(.*)\\.js$': '<rootDir>/libs/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transformIgnorePatterns: ['/node_modules/(?!curve25519-js/)'],
  transform: {
    '/curve25519-js/.+\\.js$': '<rootDir>/test/local-globals.mjs',
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        module: { type: 'es6' },
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
      },
    ],
  },
};

// Needs servers that npm does not bring: `npm run test:services` asks for it, `npm test` leaves it out.
const services = { ...shared, displayName: 'services', testMatch: ['<rootDir>/test/services/*.spec.ts'] };

/** @type {import('jest').Config} */
export default {
  maxWorkers: 2,
  testTimeout: 240_000,
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/apps/**/*.spec.ts', '<rootDir>/libs/**/*.spec.ts'] },
    { ...shared, displayName: 'structure', testMatch: ['<rootDir>/test/structure/**/*.spec.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e-spec.ts'] },
    ...(process.env.TEST_SERVICES ? [services] : []),
  ],
};
