import { describe, expect, it } from 'vitest';
import { placeLabels } from './labels.js';

describe('labels of a picture', () => {
  it('stay inside of it', () => {
    const [first, middle, last] = placeLabels(
      [
        { x: 0, text: 'Placed' },
        { x: 150, text: 'Today' },
        { x: 300, text: 'Deadline' },
      ],
      300,
    );
    expect([first?.anchor, middle?.anchor, last?.anchor]).toEqual(['start', 'middle', 'end']);
  });

  it('move to another row where they would touch', () => {
    const rows = placeLabels(
      [
        { x: 100, text: 'Release' },
        { x: 110, text: 'Deadline' },
        { x: 290, text: 'Today' },
      ],
      300,
    ).map(({ row }) => row);
    expect(rows).toEqual([0, 1, 0]);
  });
});
