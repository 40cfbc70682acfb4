// The answer as text, LaTeX, MathML or a picture, into the clipboard.
import { $ } from './state.js';
import { say, t } from './words.js';
import { lines, lineText, outcome } from './answers.js';
import { latexOf, mathmlBehind } from './mathematics.js';
import { ordered, sign } from './panel.js';
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
export const copyMathml = () => put(joined((line) => line.mathml && withValue(line, line.mathml, mathmlBehind)));

/// Several lines one below the other: in one display, a row each.
export function copyLatex() {
  const all = lines().filter((line) => line.latex)
    .map((line) => withValue(line, line.latex, (latex, sign, text) =>
      `${latex}${sign === '=' ? '=' : '\\approx '}${latexOf(text)}`));
  put(all.length > 1 ? `\\begin{gathered}\n${all.join(' \\\\\n')}\n\\end{gathered}` : all[0] ?? '');
}

/// A line with what it comes to behind it, where that is a number.
function withValue(line, text, add) {
  const found = outcome(line);
  if (found.kind !== 'number') return text;
  const [first] = ordered(found.forms);
  return add(text, sign(first), first.text);
}

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
