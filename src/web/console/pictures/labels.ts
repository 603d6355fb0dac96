export interface Label {
  x: number;
  text: string;
}

export interface PlacedLabel extends Label {
  anchor: 'start' | 'middle' | 'end';
  row: number;
}

/** A little more than most letters of 12 px take. */
const LETTER = 6.6;
const GAP = 10;

/** Each label beside its mark, within the picture, in the first row where it touches no other. */
export function placeLabels(labels: Label[], width: number): PlacedLabel[] {
  const rows: [from: number, to: number][][] = [];
  return labels.map((label) => {
    const size = label.text.length * LETTER;
    const anchor = label.x < size / 2 ? 'start' : label.x > width - size / 2 ? 'end' : 'middle';
    const from = anchor === 'start' ? label.x : anchor === 'end' ? label.x - size : label.x - size / 2;
    const isFree = (row: [number, number][]): boolean =>
      row.every(([a, b]) => from > b + GAP || from + size < a - GAP);
    let row = rows.findIndex(isFree);
    if (row < 0) row = rows.push([]) - 1;
    rows[row]?.push([from, from + size]);
    return { ...label, anchor, row };
  });
}
