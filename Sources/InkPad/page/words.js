// Every text of the page in each language, errors by their codes, and what is said to screen readers.
import { $, remembered, state, tell } from './state.js';

export const TEXTS = {
  en: {
    title: 'Ink pad', calculator: 'Calculator', digit: 'Digit', mode: 'What to read',
    language: '中文', languageName: 'Switch to Chinese',
    answer: 'Answer', lines: 'Lines and their values', marks: 'Characters that were read',
    paper: 'Writing area', tools: 'Tools', bars: 'How likely each digit is',
    hint: 'The answer appears here.', typed: 'Type a sum', typedShort: 'or type (/)',
    invitation: 'Write a sum here, such as 12 × 3 + 4 =', invitationDigit: 'Write one digit here',
    example: 'Show me an example',
    undo: 'Undo (Ctrl+Z)', redo: 'Redo (Ctrl+Shift+Z)', eraser: 'Eraser (E)',
    groups: 'Show what was read (G)', fit: 'Show all of the drawing (F)', files: 'Files', clear: 'Clear (Esc)',
    history: 'History', nothing: 'What you clear away is kept here.', forget: 'Forget all',
    saveNDJSON: 'Save as NDJSON', saveInkML: 'Save as InkML', savePNG: 'Save as PNG', upload: 'Open NDJSON, InkML or PNG …',
    choices: 'What it could be', none: 'no character', others: 'or', other: 'no digit', otherShort: '…',
    copy: 'Copy', copied: 'Copied', copyResult: 'The result', copyText: 'All as text', copyLatex: 'LaTeX',
    copyMathml: 'MathML', copyPicture: 'Picture',
    yes: 'true', no: 'false', writing: 'still being written', unsure: 'not sure',
    exact: 'Show the exact value first', decimal: 'Show the decimal value first',
    back: 'Back to what is written',
    number: (text) => `${text}: drag it or press the arrow keys to try another number`,
    lost: 'The connection is lost. Trying again …',
    moved: 'The address has changed: open the one that ink-pad prints now. What you wrote stays here.',
    down: 'The calculator has stopped. It is being started again …',
    failed: 'This cannot be read. Write larger and with gaps, or undo the last stroke.',
    refused: (why) => `The drawing was refused: ${why}`,
    badFile: (line) => `Line ${line} of the file is no drawing.`,
    emptyFile: 'The file has no drawing.',
    leftOut: (n, most) => `The history has room for ${most} drawings: ${n} of the file ${n === 1 ? 'was' : 'were'} left out.`,
    largeFile: 'The file is too large to be opened.',
    noInk: 'This picture carries no ink: only pictures that were saved here do.',
    badInkML: 'The file is no InkML with plain numbers.',
    sheets: 'Sheets', discard: 'Discard this sheet', discardSure: 'Discard?',
    strokeCount: (n) => `${n} ${n === 1 ? 'stroke' : 'strokes'}`,
    unopened: (why) => `The sheet cannot be opened: ${why}`,
    undiscarded: (why) => `The sheet cannot be discarded: ${why}`,
    unkept: 'This browser has no room to keep the sheet: save it as a file.',
    unwritten: (why) => `The sheet is kept in this browser only: ${why}`,
    tooLarge: 'The drawing is too large to be read. Save it, and begin a new one.',
    sheet: (n, text) => `Writing area, ${n} ${n === 1 ? 'stroke' : 'strokes'}. ${text}`,
    character: (name, p) => `${name}, ${p} sure. Choose another.`,
    characterChosen: (name) => `${name}, chosen by hand. Choose another.`,
    cleared: 'Cleared.', forgotten: 'The history is empty.',
    help: 'Gestures and keys (?)', close: 'Close', gestures: 'Gestures', keys: 'Keys', settings: 'Settings',
    penOnly: 'Only a pen draws; fingers move the sheet',
    gestureList: [
      ['Write', 'pen, finger or mouse'],
      ['Choose another character', 'tap on its ink'],
      ['Strike out', 'scribble to and fro'],
      ['Erase', 'the pen’s other end, the right button'],
      ['Move and zoom', 'two fingers; Ctrl + wheel; space + drag'],
      ['Try other numbers', 'drag a number in the answer'],
      ['Exact or decimal', 'tap the value'],
    ],
    keyList: [
      ['Ctrl + Z', 'undo, corrections and clearing too'], ['Ctrl + Shift + Z', 'redo'], ['Esc', 'clear'],
      ['Ctrl + C', 'copy the result'], ['E', 'eraser'], ['G', 'what was read'], ['F', 'show all'],
      ['+ −', 'zoom'], ['/', 'type a sum'], ['← →', 'go from character to character'], ['?', 'this card'],
    ],
  },
  zh: {
    title: '手写板', calculator: '计算器', digit: '单个数字', mode: '识别内容',
    language: 'English', languageName: '切换到英文',
    answer: '结果', lines: '各行及其值', marks: '识别出的字符',
    paper: '书写区', tools: '工具', bars: '每个数字的可能性',
    hint: '结果会显示在这里。', typed: '输入算式', typedShort: '或输入 (/)',
    invitation: '在这里写算式，例如 12 × 3 + 4 =', invitationDigit: '在这里写一个数字',
    example: '看一个例子',
    undo: '撤销 (Ctrl+Z)', redo: '重做 (Ctrl+Shift+Z)', eraser: '橡皮 (E)',
    groups: '显示识别结果 (G)', fit: '显示全部内容 (F)', files: '文件', clear: '清空 (Esc)',
    history: '历史', nothing: '清空的算式会保存在这里。', forget: '全部删除',
    saveNDJSON: '另存为 NDJSON', saveInkML: '另存为 InkML', savePNG: '另存为 PNG', upload: '打开 NDJSON、InkML 或 PNG …',
    choices: '可能的字符', none: '不是字符', others: '或', other: '不是数字', otherShort: '…',
    copy: '复制', copied: '已复制', copyResult: '结果', copyText: '全部文字', copyLatex: 'LaTeX',
    copyMathml: 'MathML', copyPicture: '图片',
    yes: '成立', no: '不成立', writing: '还没写完', unsure: '看不准',
    exact: '先显示精确值', decimal: '先显示小数', back: '回到手写内容',
    number: (text) => `${text}：拖动或按方向键，试试别的数`,
    lost: '连接已断开，正在重试……',
    moved: '地址已更换：请打开 ink-pad 现在显示的地址。写下的内容会保留。',
    down: '计算器已停止，正在重新启动……',
    failed: '无法识别。请写大一些、分开一些，或撤销最后一笔。',
    refused: (why) => `图形被拒绝：${why}`,
    badFile: (line) => `文件第 ${line} 行不是图形。`,
    emptyFile: '文件中没有图形。',
    leftOut: (n, most) => `历史最多保存 ${most} 个图形：文件中有 ${n} 个没有放入。`,
    largeFile: '文件太大，无法打开。',
    noInk: '这张图片不含笔迹：只有在这里保存的图片才有。',
    badInkML: '文件不是只含普通数字的 InkML。',
    sheets: '稿纸', discard: '丢弃这张稿纸', discardSure: '丢弃？',
    strokeCount: (n) => `${n} 笔`,
    unopened: (why) => `无法打开这张稿纸：${why}`,
    undiscarded: (why) => `无法丢弃这张稿纸：${why}`,
    unkept: '浏览器没有空间保存这张稿纸，请另存为文件。',
    unwritten: (why) => `这张稿纸只保存在浏览器里：${why}`,
    tooLarge: '图形太大，无法识别。请先保存，再开始新的。',
    sheet: (n, text) => `书写区，${n} 笔。${text}`,
    character: (name, p) => `${name}，把握 ${p}。选择其他字符。`,
    characterChosen: (name) => `${name}，手动选择。选择其他字符。`,
    cleared: '已清空。', forgotten: '历史已清空。',
    help: '手势和按键 (?)', close: '关闭', gestures: '手势', keys: '按键', settings: '设置',
    penOnly: '只用笔书写，手指移动画面',
    gestureList: [
      ['书写', '笔、手指或鼠标'],
      ['换一个字符', '点它的笔画'],
      ['划掉', '来回涂抹'],
      ['擦除', '笔的另一端、鼠标右键'],
      ['移动和缩放', '双指；Ctrl + 滚轮；空格 + 拖动'],
      ['试试别的数', '拖动结果中的数'],
      ['精确值或小数', '点结果的值'],
    ],
    keyList: [
      ['Ctrl + Z', '撤销，包括更正和清空'], ['Ctrl + Shift + Z', '重做'], ['Esc', '清空'],
      ['Ctrl + C', '复制结果'], ['E', '橡皮'], ['G', '识别结果'], ['F', '显示全部'],
      ['+ −', '缩放'], ['/', '输入算式'], ['← →', '逐个字符移动'], ['?', '这张卡片'],
    ],
  },
};

// What is said of texts without a value and of messages that were refused, by the code that comes with
// it, and what to do. `at` is the character that it hangs on, and `before` the one before it.
const ERRORS = {
  en: {
    'unknown-character': ({ at }) => `“${at}” is nothing that is read here`,
    'misplaced-start': ({ at, isTyped }) =>
      `a sum cannot start with “${at}”${isTyped ? '' : ': tap it if it is another character'}`,
    'misplaced': ({ at, before, isTyped }) =>
      `“${at}” cannot follow “${before}”${isTyped ? '' : ': tap the one that was misread'}`,
    'unopened': () => '“)” has no “(” before it',
    'unclosed': () => '“(” is not closed yet',
    'unfinished': ({ at }) => `something must follow “${at}”`,
    'missing-operator': () => 'an operator must stand between two numbers',
    'too-long': () => 'this is too long to be read: write it in parts',
    'text-too-long': () => 'this is too long: a typed sum may have 4,096 bytes',
    'undefined': ({ at }) => `“${at}” has no value here`,
    'malformed-number': ({ at }) => `the number at “${at}” is not written as numbers are`,
    'too-large': ({ at }) => `the result at “${at}” has too many digits`,
    'undecided': () => 'the two sides are too close to tell whether they are equal',
    'unsure': ({ at, isTyped }) => `not sure of “${at}”${isTyped ? '' : ': tap it and choose, or write it again'}`,
    'bad-message': () => 'the server does not understand it',
    'bad-ink': () => 'a stroke of it cannot be read',
    'too-many-strokes': () => 'it has more than 1000 strokes: save it, and begin a new one',
    'no-folder': () => 'the server keeps no sheets: start it with --folder',
    'no-such-sheet': () => 'this sheet is not there any more',
    'too-many-sheets': () => 'the folder is full: discard some sheets',
    'sheet-unwritten': () => 'the folder cannot be written',
  },
  zh: {
    'unknown-character': ({ at }) => `算式中不能有字符“${at}”`,
    'misplaced-start': ({ at, isTyped }) => `算式不能以“${at}”开头${isTyped ? '' : '，若认错了请点它'}`,
    'misplaced': ({ at, before, isTyped }) => `“${before}”后面不能是“${at}”${isTyped ? '' : '，请点认错的字符'}`,
    'unopened': () => '右括号没有对应的左括号',
    'unclosed': () => '左括号还没有闭合',
    'unfinished': ({ at }) => `“${at}”后面还缺内容`,
    'missing-operator': () => '两个数之间缺少运算符',
    'too-long': () => '算式太长，请分几段写',
    'text-too-long': () => '太长了：输入的算式最多 4096 字节',
    'undefined': ({ at }) => `“${at}”这一步运算没有值`,
    'malformed-number': ({ at }) => `“${at}”处的数字写法不对`,
    'too-large': ({ at }) => `“${at}”这一步的结果位数太多`,
    'undecided': () => '两个数太接近，无法判断是否相等',
    'unsure': ({ at, isTyped }) => `看不准“${at}”${isTyped ? '' : '，请点它选择，或重写'}`,
    'bad-message': () => '服务器看不懂这条消息',
    'bad-ink': () => '有一笔的数据有误',
    'too-many-strokes': () => '超过 1000 笔，请先保存，再开始新的',
    'no-folder': () => '服务器没有用 --folder 启动，不保存稿纸',
    'no-such-sheet': () => '这张稿纸已经不在了',
    'too-many-sheets': () => '文件夹里的稿纸已满，请丢弃一些',
    'sheet-unwritten': () => '文件夹无法写入',
  },
};

// How characters are read out: a screen reader leaves out "-", or says "hyphen".
const NAMES = {
  en: {
    '+': 'plus', '-': 'minus', '−': 'minus', '×': 'times', '*': 'times', '÷': 'divided by', '/': 'over',
    '(': 'open parenthesis', ')': 'close parenthesis', '=': 'equals', '≈': 'is about', '.': 'point',
    '√': 'the root of', ',': 'comma', '!': 'factorial', '%': 'percent', '^': 'to the power of',
    '∞': 'infinity',
  },
  zh: {
    '+': '加', '-': '减', '−': '减', '×': '乘', '*': '乘', '÷': '除以', '/': '除以', '(': '左括号', ')': '右括号',
    '=': '等于', '≈': '约等于', '.': '点', '√': '根号', ',': '逗号', '!': '阶乘', '%': '百分号', '^': '的乘方，指数',
    '∞': '无穷大',
  },
};

state.language = remembered.get('language')
  ?? (/^zh\b/i.test(navigator.language) ? 'zh' : 'en');
if (!TEXTS[state.language]) state.language = 'en';

export const t = () => TEXTS[state.language];
export const percent = (p) => p > 0 && p < 0.005 ? '< 1 %' : `${Math.round(p * 100)} %`;

const printed = new Map(ALPHABET.entries.map(({ text, shown }) => [text, shown]));
export const pretty = (text) => [...text].map((letter) => printed.get(letter) ?? letter).join('');

/// A text in words, for those who hear it; marks within a number stay as they are.
export function spoken(text) {
  const names = NAMES[state.language];
  return text.replace(/\d[.,]\d|./gu, (part) => part in names ? ` ${names[part]} ` : part)
    .replace(/\s+/g, ' ').trim();
}

/// What is wrong, in the language of the page; `name` is how it names characters.
export function problemText({ code, error, expression = '', position = 0, isTyped = false }, name = pretty) {
  const words = ERRORS[state.language][code];
  if (!words) return error;
  const letters = [...expression];
  const before = letters.slice(0, Math.max(0, position - 1)).filter((letter) => letter.trim()).at(-1);
  return words({ at: name(letters[position - 1] ?? ''), before: name(before ?? ''), isTyped });
}

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
  $('typed').placeholder = t().typedShort;
  tell('words');
}

export function switchLanguage() {
  state.language = state.language === 'zh' ? 'en' : 'zh';
  remembered.set('language', state.language);
  showTexts();
}

let sayTimer = 0;

/// For screen readers: after a while, so that only what stays is read out.
export function say(text) {
  clearTimeout(sayTimer);
  sayTimer = setTimeout(() => { if (text) $('said').textContent = text; }, 400);
}
