// Fractions, powers and roots, set as mathematics: MathML that came from the server, and values.

const MATHML = 'http://www.w3.org/1998/Math/MathML';
const ELEMENTS = new Set(['mrow', 'mn', 'mo', 'mi', 'mtext', 'mfrac', 'msup', 'msqrt', 'mroot']);

export function element(name, ...children) {
  const made = document.createElementNS(MATHML, name);
  made.append(...children);
  return made;
}

/// An expression as pieces of mathematics, each an operator and what follows, so that a line can be broken
/// between them. Nothing is taken over but elements that are known, and their texts.
export function expression(mathml) {
  const parsed = new DOMParser().parseFromString(mathml, 'application/xml');
  if (parsed.documentElement.localName !== 'math') return [];
  const pieces = [];
  for (const child of imported(parsed.documentElement)) {
    const isOperator = child.localName === 'mo' && /^[+−×÷=⁢]$/u.test(child.textContent);
    if (!pieces.length || isOperator && pieces.at(-1).childElementCount) pieces.push(element('math'));
    // At the start of a piece it would be taken for a sign.
    if (isOperator && pieces.length > 1) child.setAttribute('form', 'infix');
    pieces.at(-1).append(child);
  }
  return pieces;
}

function imported(node) {
  return [...node.childNodes].flatMap((child) => {
    if (child.nodeType === Node.TEXT_NODE) return [child.data];
    if (!ELEMENTS.has(child.localName)) return imported(child);
    const made = element(child.localName, ...imported(child));
    // Only letters made for mathematics grow with what stands between them.
    if (made.localName === 'mo' && /^[()]$/.test(made.textContent)) made.classList.add('fence');
    return [made];
  });
}

/// A value as mathematics: 5/6, -√3/2, 2√2, 1.5×10^20 and whatever else as it is written.
export function value(text) {
  const shown = text.replace(/-/g, '−');
  const fraction = /^(−?)([^/+−]+)\/(\d+)$/.exec(shown);
  if (fraction) {
    const [, sign, above, below] = fraction;
    return element('math', ...signed(sign, element('mfrac', element('mrow', ...factors(above)), number(below))));
  }
  const [, sign, rest] = /^(−?)(.*)$/.exec(shown);
  return element('math', ...signed(sign, ...factors(rest)));
}

const number = (text) => element('mn', text);
const signed = (sign, ...rest) => sign ? [element('mrow', element('mo', sign), ...rest)] : rest;

function factors(text) {
  const root = /^(\d*)√(\d+)$/.exec(text);
  if (root) return [...root[1] ? [number(root[1])] : [], element('msqrt', number(root[2]))];
  const power = /^([\d.]+)×10\^(−?)(\d+)$/.exec(text);
  if (power) {
    const [, figures, sign, exponent] = power;
    return [number(figures), element('mo', '×'),
      element('msup', number('10'), element('mrow', ...signed(sign, number(exponent))))];
  }
  return [/^[\d.]+$/.test(text) ? number(text) : element('mtext', text)];
}

/// MathML of an expression with a sign and a value behind it.
export function mathmlBehind(mathml, sign, text) {
  const parsed = new DOMParser().parseFromString(mathml, 'application/xml').documentElement;
  parsed.append(element('mo', sign), ...value(text).childNodes);
  return new XMLSerializer().serializeToString(parsed);
}

/// A value in LaTeX.
export function latexOf(text) {
  const fraction = /^(-?)([^/+-]+)\/(\d+)$/.exec(text);
  if (fraction) return `${fraction[1]}\\frac{${latexOf(fraction[2])}}{${fraction[3]}}`;
  return text.replace(/√(\d+)/g, '\\sqrt{$1}').replace(/×10\^(-?\d+)/, '\\times 10^{$1}').replace('∞', '\\infty')
    .replace('%', '\\%');
}
