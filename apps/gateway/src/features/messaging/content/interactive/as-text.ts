import type {
  ButtonsContent,
  CarouselContent,
  FlowContent,
  InteractiveButton,
  ListContent,
  Money,
} from '@app/platform/events/interactive-content.js';

export type TextableContent = ListContent | ButtonsContent | FlowContent | CarouselContent;

/** An interactive message in words alone; what can be chosen is numbered. */
export function asText(content: TextableContent): string {
  const footer = content.footer && `_${content.footer}_`;
  return blocks(...head(content), ...choices(content), footer);
}

function head(content: TextableContent): (string | undefined)[] {
  if (content.type === 'list') return [bold(content.title), content.text];
  if (content.type === 'carousel') return [content.text];
  return [bold(content.header?.title), content.header?.subtitle, content.text];
}

function choices(content: TextableContent): string[] {
  switch (content.type) {
    case 'list':
      return rowsOf(content);
    case 'buttons':
      return [buttonLines(content.buttons, 1)];
    case 'flow':
      return [content.buttons.map(({ params, name }) => `• ${labelOf(params) ?? name}`).join('\n')];
    case 'carousel':
      return cardsOf(content);
    default:
      return content satisfies never;
  }
}

function rowsOf({ sections }: ListContent): string[] {
  let number = 0;
  return sections.map(({ title, rows }) => {
    const lines = rows.map((row) => `${++number}. ${row.title}${row.description ? ` – ${row.description}` : ''}`);
    return [bold(title), ...lines].filter(Boolean).join('\n');
  });
}

function cardsOf({ cards }: CarouselContent): string[] {
  let number = 1;
  return cards.map(({ header, text, buttons, footer }) => {
    const lines = [bold(header?.title), text, buttonLines(buttons, number), footer && `_${footer}_`];
    number += buttons.length;
    return lines.filter(Boolean).join('\n');
  });
}

const buttonLines = (buttons: InteractiveButton[], from: number) =>
  buttons.map((button, index) => `${from + index}. ${buttonText(button)}`).join('\n');

function buttonText(button: InteractiveButton): string {
  switch (button.type) {
    case 'reply':
      return button.label;
    case 'url':
      return `${button.label}: ${button.url}`;
    case 'call':
      return `${button.label}: +${button.phone}`;
    case 'copy':
      return `${button.label}: ${button.code}`;
    case 'pix':
      return `${button.label}: PIX ${button.key} (${button.merchantName})`;
    case 'review-and-pay': {
      const items = button.items.map(({ name, quantity, amount }) => `   ${quantity} × ${name}: ${money(amount)}`);
      const pix = button.pix && `   PIX ${button.pix.key} (${button.pix.merchantName})`;
      const total = `${button.label}: ${button.currency} ${money(button.total)} (${button.referenceId})`;
      return [total, ...items, pix].filter(Boolean).join('\n');
    }
    default:
      return button satisfies never;
  }
}

const money = ({ value, offset }: Money) => (value / offset).toFixed(Math.max(0, Math.ceil(Math.log10(offset))));
const labelOf = ({ display_text: label }: Record<string, unknown>) => (typeof label === 'string' ? label : undefined);
const bold = (text: string | undefined) => text && `*${text}*`;
const blocks = (...parts: (string | undefined)[]) => parts.filter(Boolean).join('\n\n');
