// The answer as text, LaTeX, MathML or a picture, into the clipboard.
import { $ } from './state.js';
import { say, t } from './words.js';
import { lines, lineText, outcome } from './answers.js';
import { ordered } from './panel.js';
import { picture } from './paper.js';
import { savePNG } from './files.js';

const joined = (part) => lines().map(part).filter((text) => text).join('\n');

/// The values alone; where a line has none, the line.
export const copyResult = () => put(joined((line) => {
  const found = outcome(line);
  if (found.kind === 'number') return ordered(found.forms)[0].text;
  return found.kind === 'truth' ? found.text : lineText(line);
}));

export const copyText = () => put(joined(lineText));
export const copyLatex = () => put(joined((line) => line.latex));
export const copyMathml = () => put(joined((line) => line.mathml));

export async function copyPicture() {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture() })]);
    tellCopied();
  } catch {
    // A browser without pictures in its clipboard, or no secure context.
    savePNG();
  }
}

async function put(text) {
  if (!text) return;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context, as over --host 0.0.0.0.
    const area = Object.assign(document.createElement('textarea'), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  tellCopied();
}

function tellCopied() {
  $('copy').classList.add('done');
  setTimeout(() => $('copy').classList.remove('done'), 1200);
  say(t().copied);
}
