import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Address, MediaStore } from './media-store.js';

/** What a client's upload goes to: `/mms/image/<hash>`, for newsletters `/newsletter/newsletter-image/<hash>`. */
export interface UploadTarget {
  service: string;
  type: string;
  /** Hash of the body, base64url: the service refuses a body that does not fit. */
  token: string;
}

/** An upload that is refused, with the status the service gives. */
export class UploadRefusal extends Error {
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(text);
  }
}

const uploadPath = /^\/(mms|newsletter|product|pps)\/([a-z-]{1,40})\/([A-Za-z0-9_-]{43})$/;

/** Takes an upload path apart; undefined when it is none. */
export function readTarget(path: string): UploadTarget | undefined {
  const [, service, folder, token] = uploadPath.exec(path) ?? [];
  if (!service || !folder || !token) return undefined;
  return { service, type: folder.replace(/^newsletter-/, ''), token };
}

/** Writes the body of an upload to disk and gives it an address, if it is what its path promises. */
export async function receiveUpload(
  store: MediaStore,
  target: UploadTarget,
  request: IncomingMessage,
  body: AsyncIterable<Buffer>,
): Promise<Address> {
  const { maxBytes } = store.site;
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const draft = store.draft();
  try {
    await pipeline(async function* () {
      for await (const chunk of body) {
        sizeBytes += chunk.length;
        if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
        hash.update(chunk);
        yield chunk;
      }
    }, createWriteStream(draft));
    if (hash.digest('base64url') !== target.token)
      throw new UploadRefusal(400, 'the hash of the body is not the token');
    return await store.place(draft, { type: target.type });
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function tooLarge(maxBytes: number): UploadRefusal {
  return new UploadRefusal(413, `more than ${maxBytes} bytes`);
}
