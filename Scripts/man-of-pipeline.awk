# man-of-pipeline.awk: a manual page (mdoc) from the head of a pipeline's script: its comment says what it is for
# and how it is called, and behind that stand its variables, `name=${NAME:-default}   # what it is`.

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

NR == 1 { next }
NR == 2 {
  sub(/^# [^:]*: /, ""); sub(/   .*/, ""); sub(/\.$/, "")
  print ".Dd $Mdocdate$"; print ".Dt " toupper(pipeline) " 1"; print ".Os convoy"
  print ".Sh NAME"; print ".Nm " pipeline; print ".Nd " text(tolower(substr($0, 1, 1)) substr($0, 2))
  part = "head"
  next
}
/^set/ && part != "variables" {
  literal(0)
  part = "variables"
}
part == "variables" {
  comment = $0
  if (!sub(/.*[^$]# +/, "", comment)) next
  while (match($0, /\$\{[A-Z_]+:-[^}]*\}/)) {
    variable = substr($0, RSTART + 2, RLENGTH - 3)
    $0 = substr($0, RSTART + RLENGTH)
    value = variable; sub(/:-.*/, "", variable); sub(/^[A-Z_]+:-/, "", value)
    if (variable in seen || value ~ /\$/) continue
    seen[variable] = 1
    variables[++count] = "Ev " variable (value == "" ? "" : " = " text(value)) "\n" text(comment)
  }
  next
}
{ sub(/^# ?/, "") }
part == "head" {
  if ($0 == "") next
  if (/^ /) {
    if (!synopsis++) print ".Sh SYNOPSIS"; else print ".br"
    sub(/^ +/, ""); print text($0)
    next
  }
  print ".Sh DESCRIPTION"
  part = "description"
}
$0 == "" { literal(0); print ".Pp"; next }
{ literal(/^ /); print text($0) }

END {
  if (count) {
    print ".Sh ENVIRONMENT"; print ".Bl -tag -width Ds"
    for (i = 1; i <= count; i++) print ".It " variables[i]
    print ".El"
  }
  print ".Sh EXIT STATUS"; print "0 done; otherwise that of the stage that failed, which says why."
  print ".Sh SEE ALSO"; print ".Xr convoy 7"
}
