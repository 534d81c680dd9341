import { Injectable } from '@nestjs/common';
import { invalid } from '@app/platform/errors/app-error.js';
import type { FormOrJson } from '@app/platform/http/form-or-json.js';
import { MediaSourcesService } from '../media/media-sources.service.js';
import { SendFileDto } from './content/media.dto.js';
import type { SendMessageDto } from './content/send-message.dto.js';

/** Messages that come as a form, with their file. */
@Injectable()
export class MessageFormsService {
  constructor(private readonly sources: MediaSourcesService) {}

  /** Has `work` deal with the message; the file of a form is there until it ends. */
  async read<T>(input: FormOrJson<SendMessageDto>, work: (body: SendMessageDto) => Promise<T>): Promise<T> {
    if (!input.isForm) return work(await input.json());
    return this.sources.receive(input.announcedBytes, async (take) => {
      const { body, file } = await input.form(take);
      if (!file) return work(body);
      if (!(body instanceof SendFileDto))
        throw invalid('request.invalid', '/file', 'is not a known field of this type of message');
      body.upload = file;
      return work(body);
    });
  }
}
