import writeXlsxFile from 'write-excel-file/node';
import type { GroupParticipant } from './groups.service.js';

export const exportFormats = ['csv', 'xlsx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportedFile {
  content: Buffer;
  mimeType: string;
}

const columns = ['waId', 'phone', 'lid', 'name', 'role'] as const;

/** People as a table. */
export async function exportPeople(people: GroupParticipant[], format: ExportFormat): Promise<ExportedFile> {
  const rows = people.map((person) => columns.map((column) => person[column] ?? ''));
  return format === 'csv' ? toCsv(rows) : toXlsx(rows);
}

/** RFC 4180 in UTF-8, with the mark by which Excel recognises that. */
function toCsv(rows: string[][]): ExportedFile {
  const lines = [[...columns], ...rows].map((row) => row.map(cell).join(','));
  return { content: Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`), mimeType: 'text/csv; charset=utf-8' };
}

/** A text that a spreadsheet would run as a formula is kept a text by an apostrophe. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

async function toXlsx(rows: string[][]): Promise<ExportedFile> {
  const head = columns.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  // Cells that are said to be texts are never formulas.
  const cells = rows.map((row) => row.map((value) => ({ value, type: String })));
  const content = await writeXlsxFile([head, ...cells], { sheet: 'Participants' }).toBuffer();
  return { content, mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' };
}
