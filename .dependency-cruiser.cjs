/** Who may import whom; the reasons are in docs/architecture.md. */
const features = '^apps/gateway/src/features/';
const dialects = '^apps/gateway/src/dialects/';
const ladder = [
  '^libs/database/',
  '^libs/platform/',
  '^libs/whatsapp/',
  features,
  dialects,
  '^apps/gateway/src/[^/]+\\.ts$',
];
const frontDoor = features + '[^/]+/[^/]+\\.(module|service)\\.ts$';
const notTypes = { dependencyTypesNot: ['type-only'] };
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-cycles', {}, { circular: true }),
    ...ladder.slice(0, -1).map((rung, i) => rule(`only-down-${i}`, { path: rung }, { path: ladder.slice(i + 1) })),
    rule(
      'features-meet-at-the-front-door',
      { path: features + '([^/]+)/' },
      { path: features, pathNot: [features + '$1/', frontDoor], ...notTypes },
    ),
    rule(
      'dialects-see-only-services',
      { path: dialects + '([^/]+)/' },
      {
        path: ['^libs/(database|whatsapp)/', '^node_modules/typeorm/', features, dialects],
        pathNot: [dialects + '$1/', frontDoor],
        ...notTypes,
      },
    ),
    rule(
      'controllers-are-thin',
      { path: '\\.controller\\.ts$' },
      { path: ['^libs/(database|whatsapp)/', '^node_modules/typeorm/'], ...notTypes },
    ),
    rule(
      'baileys-stays-in-whatsapp',
      { pathNot: '^(libs/whatsapp|apps/simulator|test/bench)/' },
      { path: '^node_modules/@whiskeysockets/baileys/' },
    ),
    rule('simulator-stands-alone', { path: '^apps/simulator/' }, { path: '^(libs|apps/(?!simulator))/' }),
    rule('client-stands-alone', { path: '^libs/client/' }, { path: '^(libs/(?!client)|apps|test)/' }),
    rule(
      'the-gateway-is-no-client',
      { path: '^(libs/(database|platform|whatsapp)|apps/gateway)/' },
      { path: '^libs/client/' },
    ),
    rule('dashboard-uses-the-client', { path: '^apps/dashboard/' }, { path: '^(libs/(?!client)|apps/(?!dashboard))' }),
    rule(
      'product-code-has-no-test-code',
      { path: '^(apps|libs)/', pathNot: ['^libs/testing/', 'spec\\.ts$'] },
      { path: '^(test|libs/testing)/' },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
  },
};
