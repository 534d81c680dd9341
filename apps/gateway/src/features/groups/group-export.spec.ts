import { exportPeople } from './group-export.js';

const person = (name: string | null) => ({
  waId: '6281300000001',
  phone: '6281300000001',
  lid: null,
  name,
  role: 'member' as const,
});

describe('people of a group as a table', () => {
  it.each([
    ['Ana', 'Ana'],
    [null, ''],
    ['Ana, "the" singer', '"Ana, ""the"" singer"'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['two\nlines', '"two\nlines"'],
  ])('writes the name %j as %s into CSV', async (name, expected) => {
    const { content } = await exportPeople([person(name)], 'csv');
    const [head, ...rest] = content.toString().split('\r\n');
    expect(head).toBe('\ufeffwaId,phone,lid,name,role');
    expect(rest.join('\r\n')).toBe(`6281300000001,6281300000001,,${expected},member\r\n`);
  });

  it('writes a file for Excel', async () => {
    const { content, mimeType } = await exportPeople([person('=1+1')], 'xlsx');
    expect(mimeType).toContain('spreadsheetml');
    expect(content.subarray(0, 2).toString()).toBe('PK');
  });
});
