import type { proto } from '@whiskeysockets/baileys';
import type { MessageReferral } from '@app/database/entities/message.entity.js';

/** The advertisement or link that brought somebody to write. */
export function readReferral({
  externalAdReply: ad,
  conversionSource,
  entryPointConversionSource,
  entryPointConversionApp,
}: proto.IContextInfo): MessageReferral {
  const fields = {
    title: ad?.title,
    body: ad?.body,
    sourceType: ad?.sourceType,
    sourceId: ad?.sourceId,
    sourceUrl: ad?.sourceUrl,
    sourceApp: ad?.sourceApp,
    mediaUrl: ad?.mediaUrl,
    thumbnailUrl: ad?.thumbnailUrl,
    clickId: ad?.ctwaClid,
    ref: ad?.ref,
    conversionSource,
    entryPoint: entryPointConversionSource,
    entryPointApp: entryPointConversionApp,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
}
