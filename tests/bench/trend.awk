# What a short script for mawk does of the same task: per day what went to Apple, its answers, and the senders refused.
/: from=</ { s = substr($0, index($0, "from=<") + 6); s = substr(s, 1, index(s, ">") - 1); sender[$6] = substr(s, index(s, "@") + 1); next }
/: removed$/ { delete sender[$6]; next }
/: to=<[^>]*@([iI][cC][lL][oO][uU][dD]|[mM][eE]|[mM][aA][cC])\.[cC][oO][mM]>, / {
  if (!match($0, /status=[a-z]+/)) next
  status = substr($0, RSTART + 7, RLENGTH - 7)
  n[$1 " " $2 " " status]++
  if (status == "sent") next
  answer = index($0, "said: ") ? substr($0, index($0, "said: ") + 6, 24) : "-"
  answers[$1 " " $2 " " answer]++
  if (status == "bounced") refused[sender[$6]]++
}
END { for (i in n) print i, n[i]; for (i in answers) print i, answers[i]; for (i in refused) print i, refused[i] }
