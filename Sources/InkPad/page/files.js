// Drawings saved as files, and files opened.
import { state } from '/state.js';
import { t } from '/words.js';
import { isDrawing, load, record } from '/ink.js';
import { picture } from '/paper.js';
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

export function ndjson() { return `${JSON.stringify({ id: stamp(), ...record() })}\n`; }

export function inkml() {
  const traces = state.strokes.map((stroke, place) =>
    `  <trace id="s${place}">${stroke.points.map((point) => point.join(' ')).join(', ')}</trace>\n`);
  return '<?xml version="1.0" encoding="UTF-8"?>\n<ink xmlns="http://www.w3.org/2003/InkML">\n'
    + '  <traceFormat><channel name="X" type="decimal"/><channel name="Y" type="decimal"/></traceFormat>\n'
    + `${traces.join('')}</ink>\n`;
}

export async function savePNG() { save(await picture(), 'image/png', 'png'); }

/// Shows the first drawing of a file; the others go to the history, answered.
export async function open(file) {
  const drawings = [];
  const lines = (await file.text()).split('\n');
  for (const [place, line] of lines.entries()) {
    if (!line.trim()) continue;
    let value = null;
    try { value = JSON.parse(line); } catch { /* told below */ }
    if (!isDrawing(value)) return showProblem(t().badFile(place + 1));
    if (value.strokes.length) drawings.push({ strokes: value.strokes, chosen: value.chosen });
  }
  if (!drawings.length) return showProblem(t().emptyFile);
  for (const drawing of drawings.slice(1, 60).reverse()) {
    const found = await ask('ink', drawing);
    keep(found?.text || '…', drawing);
  }
  load(drawings[0].strokes, drawings[0].chosen);
}
