# man-of-help.awk: a manual page (mdoc) from what a tool says under --help.
#
# What it says of a subcommand comes behind a line that begins with \001 and its name.

# A line as mdoc text: no request by accident, no escape by accident.
function text(line) {
  gsub(/\\/, "\\e", line); gsub(/-/, "\\-", line)
  if (line ~ /^[.\047]/) line = "\\&" line
  return line
}
function literal(on) {
  if (on && !inLiteral) print ".Bd -literal"
  if (!on && inLiteral) print ".Ed"
  inLiteral = on
}
function heading(name) { literal(0); print ".Sh " name; section = name }

/^\001/ { commands[++subcommands] = substr($0, 2); part = "command"; next }
part == "command" {
  if (sub(/^OVERVIEW: /, "")) { about[subcommands] = $0; next }
  if (sub(/^USAGE: /, "")) { usage = usage "\n.br\n" text($0); inUsage = 1; next }
  if ($0 == "") { inUsage = 0; next }
  if (inUsage) { sub(/^ +/, ""); usage = usage " " text($0); next }
  if (!/^(ARGUMENTS|OPTIONS):$/) options[subcommands, ++counts[subcommands]] = $0
  next
}
/^SUBCOMMANDS:$/ { part = "subcommands"; next }
part == "subcommands" { next }

NR == 1 {
  sub(/^OVERVIEW: /, "")
  abstract = $0
  sub(/\.$/, "", abstract)
  print ".Dd $Mdocdate$"; print ".Dt " toupper(tool) " 1"; print ".Os convoy"
  print ".Sh NAME"; print ".Nm " tool; print ".Nd " text(tolower(substr(abstract, 1, 1)) substr(abstract, 2))
  next
}
/^USAGE: / { sub(/^USAGE: /, ""); usage = text($0); part = "usage"; next }
part == "usage" && /^ / {
  sub(/^ +/, "")
  usage = usage (index($0, tool " ") == 1 ? "\n.br\n" : " ") text($0)
  next
}
/^(ARGUMENTS|OPTIONS):$/ { part = "options"; next }
part == "options" {
  if ($0 != "") options[0, ++counts[0]] = $0
  next
}
{ description[++lines] = $0 }

END {
  print ".Sh SYNOPSIS"; print usage
  heading("DESCRIPTION")
  for (i = 1; i <= lines; i++) {
    line = description[i]
    if (line ~ /^EXAMPLES/) {
      show_options(); heading("EXAMPLES")
      if (sub(/^EXAMPLES +\(/, "", line)) { sub(/\)$/, ".", line); print text(line) }
      literal(1); continue
    }
    if (line ~ /^(CAVEATS|DATA)$/) { from[line] = i + 1; skipping = 1; continue }
    if (line ~ /^SEE ALSO/) { sub(/^SEE ALSO +/, "", line); also = line; skipping = 0; continue }
    if (skipping) continue
    if (line == "") { if (inLiteral) { if (section != "EXAMPLES") literal(0) } else print ".Pp"; continue }
    if (section == "DESCRIPTION") literal(line ~ /^ / || line ~ /[^ ]   +[^ ]/)
    print text(line)
  }
  show_options()
  show("DATA", "DATA")
  heading("EXIT STATUS")
  print "0 done; 64 usage; 65 bad data; 66 input missing; 70 internal; 74 input or output failed."
  heading("SEE ALSO")
  n = split(also, names, /, */)
  for (i = 1; i <= n; i++) print ".Xr " names[i] " 1 ,"
  print ".Xr convoy 7"
  show("CAVEATS", "CAVEATS")
}

# What stands under a heading of the help, up to the next.
function show(name, title,    i, line) {
  if (!(name in from)) return
  heading(title)
  for (i = from[name]; i <= lines && description[i] !~ /^(SEE ALSO|EXAMPLES|CAVEATS|DATA)/; i++) {
    line = description[i]
    sub(/^ +/, "", line)
    print line == "" ? ".Pp" : text(line)
  }
}
function show_options(    command) {
  if (shown++) return
  if (subcommands) {
    heading("SUBCOMMANDS")
    for (command = 1; command <= subcommands; command++) {
      print ".Ss " tool " " commands[command]
      print text(about[command])
      list_options(command)
    }
  }
  heading("OPTIONS")
  list_options(0)
}
function list_options(command,    i, line, flag, help) {
  print ".Bl -tag -width Ds"
  for (i = 1; i <= counts[command]; i++) {
    line = options[command, i]
    sub(/^  /, "", line)
    if (line ~ /^ /) { sub(/^ +/, "", line); print text(line); continue }
    flag = line; help = ""
    if (match(line, /  +/)) { flag = substr(line, 1, RSTART - 1); help = substr(line, RSTART + RLENGTH) }
    print ".It " text(flag)
    if (help != "") print text(help)
  }
  print ".El"
}
