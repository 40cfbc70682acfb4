# count-tests.awk: what Swift Testing said of tests, counted; at the end what failed and what was skipped for what
# reason. Ends with `status`, 1 where no test ran, or 70 where its lines and its summaries differ in the number
# of tests.
#
#   awk -v status=STATUS -f Scripts/count-tests.awk LOG...
#
# Nothing is assumed. A reason for skipping reads `WHAT IS MISSING: WHAT BRINGS IT`, with `(N cases)` behind it where a
# test has many. Lines may stand behind others without an end: an argument with a zero byte ends what is written of it,
# and tests write to the same place; so a line of the log is taken apart where a symbol and a word begin another.
function number(text, pattern,    found) {         # the first number of what matches
  if (!match(text, pattern)) return 0
  found = substr(text, RSTART, RLENGTH); gsub(/[^0-9]/, "", found)
  return found + 0
}
function count(line, reason, of) {
  if (line ~ /^run with [0-9]+ tests? /) { said += number(line, "with [0-9]+ test"); return }
  if (line ~ /^(run|case) / || line ~ / recorded an issue / || line ~ / started\.$/) return
  if (line ~ / passed after [0-9.]+ seconds/) { passed++; cases += number(line, "with [0-9]+ test case") }
  if (line ~ / failed after [0-9.]+ seconds/) {
    names[++failed] = "✘ Test " line; cases += number(line, "with [0-9]+ test case")
  }
  if (line ~ / (skipped[.:]|was cancelled after )/) {
    skipped++
    reason = "no reason given"
    if (match(line, /: ".*"$/)) reason = substr(line, RSTART + 3, RLENGTH - 4)
    of = number(line, "\\([0-9]+ cases\\)\"$"); sub(/ \([0-9]+ cases\)$/, "", reason)
    if (!(reason in tests)) reasons[++kinds] = reason
    tests[reason]++; casesOf[reason] += of; skippedCases += of
  }
}
/(◇|✔|✘|➜|⚠|◉)(\033\[0m)? Test / {
  pieces = split($0, piece, /(◇|✔|✘|➜|⚠|◉)(\033\[0m)? Test /)
  for (i = 2; i <= pieces; i++) count(piece[i])
}
END {
  print ""
  for (i = 1; i <= failed; i++) print names[i]
  for (i = 1; i <= kinds; i++) {
    reason = reasons[i]
    printf "skipped %3d: %s", tests[reason], reason
    print (casesOf[reason] ? " (" casesOf[reason] " cases)" : "")
    if (reason ~ /: make test-tools$/) help = 1
  }
  if (help) print "`make test-tools` installs the programs that are missing."
  printf "%d tests ran, with %d parameterised cases", passed + failed, cases
  print (skippedCases ? "; " skippedCases " cases were skipped" : "")
  wrong = status
  if (!wrong && said == 0) { print "no test ran"; wrong = 1 }
  if (!wrong && said != passed + failed + skipped) {
    print "the summaries tell of " said " tests, its lines of " passed + failed + skipped; wrong = 70
  }
  if (status && !failed) print "building or testing ended with status " status
  printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit wrong
}
