# man-of-page.awk: the sections of a page of docs/ as those of a manual page (mdoc).
#
# Of Markdown it knows headings, paragraphs, lists, blocks of code, links, and marks within a line.

function text(line,    before, word) {
  while (match(line, /\[[^]]*\]\([^)]*\)/)) {
    word = substr(line, RSTART + 1, RLENGTH - 1); before = substr(line, 1, RSTART - 1)
    line = before substr(word, 1, index(word, "]") - 1) substr(line, RSTART + RLENGTH)
  }
  gsub(/\*\*/, "", line)
  while (match(line, /\*[^ *][^*]*\*/)) {
    line = substr(line, 1, RSTART - 1) substr(line, RSTART + 1, RLENGTH - 2) substr(line, RSTART + RLENGTH)
  }
  gsub(/`/, "", line)
  return literal(line)
}
function literal(line) {
  gsub(/\\/, "\\e", line); gsub(/-/, "\\-", line)
  return line ~ /^[.\047]/ ? "\\&" line : line
}
function end_list() { if (inList) print ".El"; inList = 0 }

/^```/ {
  end_list(); inCode = !inCode; blank = 0
  print inCode ? ".Bd -literal -offset indent" : ".Ed"
  next
}
inCode { print literal($0); next }
/^# / { next }
/^## / { end_list(); sub(/^## /, ""); print ".Sh " toupper($0); blank = 0; next }
/^$/ { blank = 1; next }
/^- / {
  if (!inList) print ".Bl -bullet"
  inList = 1; sub(/^- /, "  "); print ".It"
}
!/^ / { end_list(); if (blank) print ".Pp" }
{ blank = 0; sub(/^ +/, ""); print text($0) }
END { end_list() }
