// Drawings as InkML, written and read.
import { state } from './state.js';

export function inkml() {
  const traces = state.strokes.map((stroke, place) =>
    `  <trace id="s${place}">${stroke.points.map((point) => point.join(' ')).join(', ')}</trace>\n`);
  return '<?xml version="1.0" encoding="UTF-8"?>\n<ink xmlns="http://www.w3.org/2003/InkML">\n'
    + '  <traceFormat><channel name="X" type="decimal"/><channel name="Y" type="decimal"/></traceFormat>\n'
    + `${traces.join('')}</ink>\n`;
}

/// The strokes of a file with plain numbers, whatever its channels beside X and Y; null where it is no such file.
export function fromInkML(text) {
  const elements = elementsOf(text);
  if (elements?.[0]?.name !== 'ink') return null;
  const channels = elements.filter(({ name }) => name === 'channel')
    .map(({ attributes }) => /\bname\s*=\s*["'](\w+)["']/.exec(attributes)?.[1]);
  const places = ['X', 'Y'].map((name, place) => channels.length ? channels.indexOf(name) : place);
  const traces = elements.filter(({ name }) => name === 'trace');
  const strokes = traces.map((trace) => trace.text.split(',').map((point) => {
    const numbers = point.trim().split(/\s+/).map((word) => word === '' ? NaN : Number(word));
    return places.map((place) => numbers[place]);
  }));
  return strokes.every((points) => points.flat().every(Number.isFinite)) ? strokes : null;
}

/// The elements of a text in order, with the text behind each start; null where they are not closed as they were
/// opened, or where there is anything else, such as a declaration of entities.
///
/// The browser's own parser writes a page into what it cannot read, which the policy of this page forbids.
function elementsOf(text) {
  const plain = text.replace(/<!--[^]*?-->|<\?[^]*?\?>/g, '');
  const elements = [];
  const opened = [];
  let count = 0;
  for (const [, end, name, attributes, single, behind] of
    plain.matchAll(/<(\/?)(?:[\w.-]+:)?([\w.-]+)([^<>]*?)(\/?)>([^<]*)/g)) {
    count += 1;
    if (end && opened.pop() !== name) return null;
    if (end) continue;
    elements.push({ name, attributes, text: behind });
    if (!single) opened.push(name);
  }
  const isAll = plain.split('<').length - 1 === count;
  return isAll && !opened.length ? elements : null;
}
