import { text } from 'node:stream/consumers';
import { useFeature } from '@app/testing/use-feature.js';
import { MediaModule } from './media.module.js';
import { MediaService } from './media.service.js';

const base64 = (content: string) => Buffer.from(content).toString('base64');

describe('MediaService', () => {
  const app = useFeature(MediaModule);
  const media = () => app.get(MediaService);

  it('keeps a file and gives it back', async () => {
    const actor = await app.aUser();
    const file = await media().import(actor, { data: base64('hello'), fileName: 'a.txt' }, 'document');
    expect(file).toMatchObject({ mimeType: 'text/plain', sizeBytes: 5, fileName: 'a.txt' });
    expect(await text(await media().open(file))).toBe('hello');
    expect(await text(await media().open(file, { start: 1, end: 2 }))).toBe('el');
  });
});
