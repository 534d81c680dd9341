import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServerIdentity } from '../../apps/simulator/src/wire/certificates.js';

interface Compose {
  services: Record<
    string,
    { image?: string; environment?: Record<string, string>; volumes?: string[]; ports?: string[] }
  >;
  volumes: Record<string, null>;
}

const { load } = createRequire(import.meta.url)('js-yaml') as { load: (text: string) => Compose };
const dockerfile = readFileSync('docker/Dockerfile', 'utf8');
const composeText = readFileSync('docker/compose.yaml', 'utf8');
const compose = load(composeText);
const settings = [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);

describe('the container image', () => {
  it('copies only what exists', () => {
    const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list]) => list!.split(' '));
    expect(copies.length).toBeGreaterThan(5);
    expect(copies.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('starts the main file that `npm start` starts', () => {
    const [, main] = /"(dist\/[^"]+)"\]\s*$/.exec(dockerfile)!;
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
    expect(scripts.start).toContain(main);
  });

  it('sets variables that the gateway knows', () => {
    const names = [...dockerfile.matchAll(/^ENV (.+)$/gm)].flatMap(([, list]) => list!.match(/\w+(?==)/g) ?? []);
    expect(names).toContain('NODE_ENV');
    expect(names.filter((name) => !settings.includes(name))).toEqual([]);
  });

  it('does not run as root', () => {
    expect(dockerfile.match(/^USER (.+)$/gm)?.at(-1)).toBe('USER node');
  });
});

describe('compose.yaml', () => {
  it('sets variables that the gateway knows', () => {
    const names = Object.keys(compose.services.gateway?.environment ?? {});
    expect(names).toContain('DATABASE_URL');
    expect(names.filter((name) => !settings.includes(name))).toEqual([]);
  });

  it('has no default for a secret', () => {
    const secrets = composeText.match(/\$\{[A-Z_]*(PASSWORD|TOKEN|KEYS)[^}]*\}/g) ?? [];
    expect(secrets.length).toBeGreaterThan(2);
    expect(secrets.filter((secret) => !secret.includes(':?'))).toEqual([]);
  });

  it('declares the volumes that it uses', () => {
    const used = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes.map((v) => v.split(':')[0]));
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.volumes)));
  });
});

describe('sandbox.compose.yaml', () => {
  const { services, volumes } = load(readFileSync('docker/sandbox.compose.yaml', 'utf8'));
  const environment = (service: string) => services[service]?.environment ?? {};

  it('sets variables that the gateway and the simulator know', () => {
    expect(Object.keys(environment('gateway')).filter((name) => !settings.includes(name))).toEqual([]);
    const documented = readFileSync('docs/simulator.md', 'utf8');
    const unknown = Object.keys(environment('simulator')).filter((name) => !documented.includes(`\`${name}\``));
    expect(unknown).toEqual([]);
  });

  it('gives the gateway the root key that follows from the seed', () => {
    const { rootPublicKey } = createServerIdentity(environment('simulator').SIMULATOR_SEED!);
    expect(environment('gateway').WA_ROOT_KEY).toBe(rootPublicKey.toString('hex'));
  });

  it('is reachable from this machine alone', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBe(2);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('declares the volumes that it uses', () => {
    const used = Object.values(services).flatMap((service) => (service.volumes ?? []).map((v) => v.split(':')[0]));
    expect(new Set(used)).toEqual(new Set(Object.keys(volumes)));
  });
});
