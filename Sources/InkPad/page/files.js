// Drawings saved as files, and files opened.
import { state } from '/state.js';
import { t } from '/words.js';
import { boxOf, isDrawing, load, wire } from '/ink.js';
import { PEN, toSheet, trace } from '/paper.js';
import { ask, showProblem } from '/conversation.js';
import { keep } from '/history.js';

const stamp = () => new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');

export function save(content, type, extension) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = `ink-${stamp()}.${extension}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function ndjson() { return `${JSON.stringify({ id: stamp(), strokes: wire(state.strokes) })}\n`; }

export function inkml() {
  const traces = state.strokes.map((stroke, place) =>
    `  <trace id="s${place}">${stroke.points.map((point) => point.join(' ')).join(', ')}</trace>\n`);
  return '<?xml version="1.0" encoding="UTF-8"?>\n<ink xmlns="http://www.w3.org/2003/InkML">\n'
    + '  <traceFormat><channel name="X" type="decimal"/><channel name="Y" type="decimal"/></traceFormat>\n'
    + `${traces.join('')}</ink>\n`;
}

/// Dark on white, in twice the sheet's pixels, around what is drawn.
export function savePNG() {
  const [x0, y0, x1, y1] = boxOf(state.strokes.map((stroke) => ({ points: stroke.points.map(toSheet) })));
  const margin = 20;
  const picture = document.createElement('canvas');
  picture.width = Math.ceil(2 * (x1 - x0 + 2 * margin));
  picture.height = Math.ceil(2 * (y1 - y0 + 2 * margin));
  const target = picture.getContext('2d');
  target.fillStyle = 'white';
  target.fillRect(0, 0, picture.width, picture.height);
  target.setTransform(2, 0, 0, 2, 2 * (margin - x0), 2 * (margin - y0));
  target.strokeStyle = 'black';
  for (const stroke of state.strokes) trace(target, stroke.points.map(toSheet), PEN);
  picture.toBlob((blob) => save(blob, 'image/png', 'png'), 'image/png');
}

/// Shows the first drawing of a file; the others go to the history, answered.
export async function open(file) {
  const drawings = [];
  const lines = (await file.text()).split('\n');
  for (const [place, line] of lines.entries()) {
    if (!line.trim()) continue;
    let value = null;
    try { value = JSON.parse(line); } catch { /* told below */ }
    if (!isDrawing(value)) return showProblem(t().badFile(place + 1));
    if (value.strokes.length) drawings.push(value.strokes);
  }
  if (!drawings.length) return showProblem(t().emptyFile);
  for (const drawing of drawings.slice(1, 60).reverse()) {
    const found = await ask('ink', { strokes: drawing });
    keep(found?.text || '…', drawing);
  }
  load(drawings[0]);
}
