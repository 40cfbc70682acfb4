// Every text of the page in each language, errors by their codes, and what is said to screen readers.
import { $, remembered, state, tell } from '/state.js';

export const TEXTS = {
  en: {
    title: 'Ink pad', calculator: 'Calculator', digit: 'Digit', mode: 'What to read',
    answer: 'Answer', reading: 'Characters that were read', paper: 'Writing area', tools: 'Tools',
    hint: 'The answer appears here.', copy: 'Copy', copied: 'Copied', bars: 'How likely each digit is',
    invitation: 'Write a sum here, such as 12 × 3 + 4 =', invitationDigit: 'Write one digit here',
    undo: 'Undo (Ctrl+Z)', redo: 'Redo (Ctrl+Shift+Z)', eraser: 'Eraser (E)',
    groups: 'Show stroke groups (G)', files: 'Files', clear: 'Clear (Esc)',
    history: 'History', nothing: 'What you clear away is kept here.', forget: 'Forget all',
    choices: 'What it could be', saveNDJSON: 'Save as NDJSON', saveInkML: 'Save as InkML',
    savePNG: 'Save as PNG', upload: 'Open NDJSON …', others: 'or',
    other: 'no digit', otherShort: '…',
    yes: 'true', no: 'false', language: '中文', languageName: 'Switch to Chinese',
    lost: 'The connection is lost. Trying again …',
    down: 'The calculator has stopped. It is being started again …',
    failed: 'The calculator found no answer to this drawing.',
    refused: (why) => `The drawing was refused: ${why}`,
    badFile: (line) => `Line ${line} of the file is no drawing.`,
    emptyFile: 'The file has no drawing.',
    sheet: (n, text) => `Writing area, ${n} ${n === 1 ? 'stroke' : 'strokes'}. ${text}`,
    character: (c, p) => `${c}, ${p} sure. Choose another.`,
    tooLarge: 'The drawing is too large to be read.', empty: 'Cleared.',
  },
  zh: {
    title: '手写板', calculator: '计算器', digit: '单个数字', mode: '识别内容',
    answer: '结果', reading: '识别出的字符', paper: '书写区', tools: '工具',
    hint: '结果会显示在这里。', copy: '复制', copied: '已复制', bars: '每个数字的可能性',
    invitation: '在这里写算式，例如 12 × 3 + 4 =', invitationDigit: '在这里写一个数字',
    undo: '撤销 (Ctrl+Z)', redo: '重做 (Ctrl+Shift+Z)', eraser: '橡皮 (E)',
    groups: '显示笔画分组 (G)', files: '文件', clear: '清空 (Esc)',
    history: '历史', nothing: '清空的算式会保存在这里。', forget: '全部删除',
    choices: '可能的字符', saveNDJSON: '另存为 NDJSON', saveInkML: '另存为 InkML',
    savePNG: '另存为 PNG', upload: '打开 NDJSON …', others: '或',
    other: '不是数字', otherShort: '…',
    yes: '成立', no: '不成立', language: 'English', languageName: '切换到英文',
    lost: '连接已断开，正在重试……',
    down: '计算器已停止，正在重新启动……',
    failed: '计算器无法识别这幅图。',
    refused: (why) => `图形被拒绝：${why}`,
    badFile: (line) => `文件第 ${line} 行不是图形。`,
    emptyFile: '文件中没有图形。',
    sheet: (n, text) => `书写区，${n} 笔。${text}`,
    character: (c, p) => `${c}，把握 ${p}。选择其他字符。`,
    tooLarge: '图形太大，无法识别。', empty: '已清空。',
  },
};

// What is said of texts without a value and of messages that were refused, by the code that comes with
// it. English has the words of the tools themselves. `at` is the character that the error hangs on, and
// `before` the one before it.
const ERRORS = {
  zh: {
    'unknown-character': ({ at }) => `算式中不能有字符“${at}”`,
    'misplaced-start': ({ at }) => `算式不能以“${at}”开头`,
    'misplaced': ({ at, before }) => `“${before}”后面不能是“${at}”`,
    'unopened': () => '右括号没有对应的左括号',
    'unclosed': () => '左括号没有闭合',
    'unfinished': ({ at }) => `“${at}”后面还缺内容`,
    'missing-operator': () => '两个数之间缺少运算符',
    'too-long': () => '算式太长',
    'undefined': ({ at }) => `“${at}”这一步运算没有值`,
    'malformed-number': ({ at }) => `“${at}”处的数字写法不对`,
    'too-large': ({ at }) => `“${at}”这一步的结果太大，算不出来`,
    'undecided': () => '两个数太接近，无法判断是否相等',
    'unsure': () => '看不清这里写的是什么',
    'bad-message': () => '服务器看不懂这条消息',
    'bad-ink': () => '笔画数据有误',
    'too-many-strokes': () => '笔画太多',
  },
};

state.language = remembered.get('language')
  ?? (/^zh\b/i.test(navigator.language) ? 'zh' : 'en');
if (!TEXTS[state.language]) state.language = 'en';

export const t = () => TEXTS[state.language];
export const percent = (p) => p > 0 && p < 0.005 ? '< 1 %' : `${Math.round(p * 100)} %`;

const printed = new Map(ALPHABET.entries.map(({ text, shown }) => [text, shown]));
export const pretty = (text) => [...text].map((letter) => printed.get(letter) ?? letter).join('');

/// Writes the texts of the page anew, and gives word to what writes its own.
export function showTexts() {
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
  document.title = t().title;
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = t()[element.dataset.text];
  }
  for (const element of document.querySelectorAll('[data-label]')) {
    const label = t()[element.dataset.label];
    element.setAttribute('aria-label', label);
    if (element.matches('button')) element.title = label;
  }
  $('language').textContent = t().language;
  $('language').setAttribute('aria-label', t().languageName);
  $('language').lang = state.language === 'zh' ? 'en' : 'zh-CN';
  tell('words');
}

export function switchLanguage() {
  state.language = state.language === 'zh' ? 'en' : 'zh';
  remembered.set('language', state.language);
  showTexts();
}

/// An error in the language of the page.
export function localError(code, text, expression = '', position = 0) {
  const words = ERRORS[state.language]?.[code];
  if (!words) return text;
  const letters = [...expression];
  const before = letters.slice(0, Math.max(0, position - 1)).filter((letter) => letter.trim()).at(-1);
  return words({ at: pretty(letters[position - 1] ?? ''), before: pretty(before ?? '') });
}

let sayTimer = 0;

/// For screen readers: after a while, so that only what stays is read out.
export function say(text) {
  clearTimeout(sayTimer);
  sayTimer = setTimeout(() => { if (text) $('said').textContent = text; }, 400);
}
