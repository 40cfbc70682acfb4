// Drawings saved as files, and files opened.
import { $ } from './state.js';
import { t } from './words.js';
import { isDrawing, load, record } from './ink.js';
import { picture } from './paper.js';
import { ask, showProblem } from './conversation.js';
import { ENTRIES, fitting } from './history.js';
import { fromInkML } from './inkml.js';
import { inkOf, isPNG, withInk } from './pngink.js';

const FILE_LIMIT = 32 << 20;            // bytes of a file that is opened

const stamp = () => new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');

export function save(content, type, extension) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = `ink-${stamp()}.${extension}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function ndjson() { return `${JSON.stringify({ id: stamp(), ...record() })}\n`; }

export async function savePNG() { save(await png(), 'image/png', 'png'); }

/// The drawing as a picture, with the ink itself in it.
export async function png() {
  const text = ndjson();
  return withInk(new Uint8Array(await (await picture()).arrayBuffer()), text);
}

/// Shows the first drawing of files; the others go to the history, answered, as many as it has room for. What
/// was there stays, and all of it can be undone at once.
export async function open(...files) {
  const drawings = [];
  for (const file of files) {
    const found = await drawingsOf(file);
    if (!found) return;
    drawings.push(...found);
  }
  if (!drawings.length) return showProblem(t().emptyFile);
  const [first, ...others] = drawings;
  const { fit, leftOut } = fitting(others);
  const answered = [];
  for (const drawing of fit) answered.push({ drawing, text: (await ask('ink', drawing))?.text || '…' });
  load(first.strokes, first.chosen, answered);
  if (leftOut) showProblem(t().leftOut(leftOut, ENTRIES));
}

/// The drawings of a file, whatever its name says that it is; nothing where it is none, which is said.
async function drawingsOf(file) {
  if (file.size > FILE_LIMIT) return showProblem(t().largeFile);
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isPNG(bytes)) {
    const text = inkOf(bytes);
    return text === null ? showProblem(t().noInk) : ofLines(text);
  }
  const text = new TextDecoder().decode(bytes);
  return text.trimStart().startsWith('<') ? ofInkML(text) : ofLines(text);
}

/// The drawings of InkML.
function ofInkML(text) {
  const strokes = fromInkML(text);
  if (strokes === null) return showProblem(t().badInkML);
  return strokes.length ? [{ strokes }] : [];
}

/// The drawings of NDJSON, a line each.
function ofLines(text) {
  const drawings = [];
  for (const [place, line] of text.split('\n').entries()) {
    if (!line.trim()) continue;
    let value = null;
    try { value = JSON.parse(line); } catch { /* told below */ }
    if (!isDrawing(value)) return showProblem(t().badFile(place + 1));
    if (value.strokes.length) drawings.push({ strokes: value.strokes, chosen: value.chosen });
  }
  return drawings;
}

$('file').addEventListener('change', () => {
  open(...$('file').files);
  $('file').value = '';
});

// Files may be dropped anywhere in the page, which shows that it takes them.
const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
addEventListener('dragover', (event) => {
  event.preventDefault();
  $('paper').classList.toggle('taking', hasFiles(event));
});
addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) $('paper').classList.remove('taking');
});
addEventListener('drop', (event) => {
  event.preventDefault();
  $('paper').classList.remove('taking');
  open(...event.dataTransfer.files);
});
