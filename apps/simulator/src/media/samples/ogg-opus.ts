const PACKETS_PER_SECOND = 50;
const SAMPLES_PER_PACKET = 960;
// A 20 ms frame of silence in Opus.
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
const FIRST = 2;
const LAST = 4;

/** A voice recording: silence in Opus, in an Ogg file that carries a text as its title. */
export function voiceRecording(text: string, seconds: number): Buffer {
  const packets = seconds * PACKETS_PER_SECOND;
  const pages = [page(0, FIRST, 0n, [opusHead()]), page(1, 0, 0n, [opusTags(text)])];
  for (let second = 1; second <= seconds; second++) {
    const played = BigInt(second * PACKETS_PER_SECOND * SAMPLES_PER_PACKET);
    const isLast = second * PACKETS_PER_SECOND === packets;
    pages.push(page(1 + second, isLast ? LAST : 0, played, Array<Buffer>(PACKETS_PER_SECOND).fill(SILENCE)));
  }
  return Buffer.concat(pages);
}

function opusHead(): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead');
  head[8] = 1;
  head[9] = 1;
  head.writeUInt32LE(48_000, 12);
  return head;
}

function opusTags(text: string): Buffer {
  const [vendor, title] = ['simulator', `TITLE=${text}`].map((words) => Buffer.from(words));
  const number = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
  const parts = [
    Buffer.from('OpusTags'),
    number(vendor?.length ?? 0),
    vendor,
    number(1),
    number(title?.length ?? 0),
    title,
  ];
  return Buffer.concat(parts.filter((part) => part !== undefined));
}

/** Packets of less than 255 bytes only. */
function page(sequence: number, flags: number, granule: bigint, packets: Buffer[]): Buffer {
  const head = Buffer.alloc(27);
  head.write('OggS');
  head[5] = flags;
  head.writeBigInt64LE(granule, 6);
  head.writeUInt32LE(1, 14);
  head.writeUInt32LE(sequence, 18);
  head[26] = packets.length;
  const bytes = Buffer.concat([head, Buffer.from(packets.map(({ length }) => length)), ...packets]);
  bytes.writeUInt32LE(checksum(bytes), 22);
  return bytes;
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return sum >>> 0;
}
