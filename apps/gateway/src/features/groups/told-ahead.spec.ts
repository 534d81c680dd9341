import { newFeatures, newPeople, orNothing, toldLater } from './told-ahead.js';

const ana = { waId: '6281300000001', phone: '6281300000001', lid: '111@lid', name: 'Ana' };
const ben = { waId: '222@lid', phone: null, lid: '222@lid', name: null };
const removedAna = { id: '111@lid', phone: null, lid: '111@lid', change: 'removed' as const };

describe('what was told before WhatsApp told it', () => {
  it('is not told again, but once', () => {
    const ahead = toldLater(null, { features: { subject: 'New', isLocked: true } });
    const { news, rest } = newFeatures(ahead, { subject: 'New' });
    expect(news).toEqual({});
    expect(newFeatures(rest, { subject: 'New' }).news).toEqual({ subject: 'New' });
    expect(orNothing(rest)).toMatchObject({ features: { isLocked: true } });
    expect(orNothing(newFeatures(rest, { isLocked: true }).rest)).toBeNull();
  });

  it('does not hide what came of it since', () => {
    const ahead = toldLater(null, { features: { subject: 'New' } });
    const { news, rest } = newFeatures(ahead, { subject: 'Newer' });
    expect(news).toEqual({ subject: 'Newer' });
    expect(newFeatures(rest, { subject: 'New' }).news).toEqual({ subject: 'New' });
  });

  it('is told to each person alone, under whichever address', () => {
    const ahead = toldLater(null, { people: [removedAna] });
    const { news, rest } = newPeople(ahead, 'left', [ana, ben]);
    expect(news).toEqual([ben]);
    expect(orNothing(rest)).toBeNull();
    expect(newPeople(ahead, 'promoted', [ana])).toEqual({ news: [ana], rest: ahead });
    const back = newPeople(ahead, 'joined', [ana]);
    expect(back.news).toEqual([ana]);
    expect(newPeople(back.rest, 'removed', [ana]).news).toEqual([ana]);
  });

  it('gives way to what is told later', () => {
    const ahead = toldLater(toldLater(null, { people: [removedAna] }), {
      people: [{ ...removedAna, change: 'added' }],
    });
    expect(ahead.people.map(({ change }) => change)).toEqual(['added']);
    expect(toldLater(ahead, { isIn: false }).people).toHaveLength(1);
  });
});
