#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check.sh SRC: who includes whom under SRC, against the two tables below. Prints each violation as
# file:line and exits 1 if there is one.
set -eu
cd "$1"

# A room may include itself and the rooms in the second column. Libraries may be included in .cpp
# files; in headers only those of the last column. Who includes such a header gets the library too,
# so it is closed to rooms that may not include the library themselves.
rooms='
# room  | rooms                                   | libraries in .cpp                  | libraries in headers
base    |                                         | fmt                                |
model   | base                                    | fmt                                |
bench   | base                                    |                                    |
wire    | base model                              | fmt grpc protobuf                  | grpc
topic   | base model wire                         | fmt grpc openssl                   | grpc
webhook | base model                              | fmt httplib curl openssl icu json  |
capture | base model                              | fmt json zlib zstd                 | json_fwd
replay  | base model capture                      | fmt json                           | json_fwd
sink    | base model                              | fmt json sqlite                    |
broker  | base model wire webhook                 | fmt grpc stubs httplib openssl json prom | grpc stubs
cli     | base model bench topic webhook capture replay sink broker | fmt cli11 json json_fwd re2         | json_fwd
main    | cli                                     |                                    |
'

# What an include belongs to, by the first pattern that fits. std may be included everywhere, posix
# in every .cpp file.
libraries='
fmt      ^fmt/
grpc     ^(grpc(pp)?|absl)/
stubs    \.grpc\.pb\.h$
protobuf ^google/protobuf/|\.pb\.h$
httplib  ^httplib\.h$
curl     ^curl/
openssl  ^openssl/
icu      ^unicode/
json_fwd ^nlohmann/json_fwd\.hpp$
json     ^nlohmann/
prom     ^prometheus/
cli11    ^CLI/
re2      ^re2/
zlib     ^zlib\.h$
zstd     ^zstd\.h$
sqlite   ^sqlite3\.h$
std      ^[a-z_]+$
posix    ^((sys|net|netinet|arpa)/)?[a-z_]+\.h$
'

find . -name '*.[ch]pp' | sort | awk -v rooms="$rooms" -v libraries="$libraries" '
  function fields(line, into,    n, i) {
    n = split(line, into, "|")
    for (i = 1; i <= n; i++) gsub(/^ +| +$/, "", into[i])
  }
  function lists(list, word) { return index(" " list " ", " " word " ") > 0 }
  function report(why) { printf "%s:%d: %s\n", file, number, why; bad = 1 }

  function room_of(path) { return path ~ /\// ? substr(path, 1, index(path, "/") - 1) : "main" }
  function library_of(path,    i) {
    for (i = 1; i <= known; i++) if (path ~ pattern[i]) return library[i]
    return ""
  }

  # What `room` gets with the header `path` although it may not include it itself, or "".
  function smuggled(path, room,    n, i, word) {
    n = split(shows[path], word, " ")
    for (i = 1; i <= n; i++) if (!lists(in_sources[room], word[i])) return word[i]
    return ""
  }

  # A header shows what the headers it includes show: repeat until nothing is added.
  function spread(    i, j, n, word, changed) {
    do {
      changed = 0
      for (i = 1; i <= includes; i++) {
        if (from[i] !~ /hpp$/) continue
        n = split(shows[to[i]], word, " ")
        for (j = 1; j <= n; j++) {
          if (lists(shows[from[i]], word[j])) continue
          shows[from[i]] = shows[from[i]] " " word[j]
          changed = 1
        }
      }
    } while (changed)
  }

  function check(room, path,    lib, target, is_header) {
    lib = library_of(path)
    target = room_of(path)
    is_header = file ~ /hpp$/
    if (lib == "std" || (lib == "posix" && !is_header)) return
    if (lib != "") {
      if (!lists(is_header ? in_headers[room] : in_sources[room], lib))
        report(room (is_header ? " headers" : "") " may not include " lib ": " path)
    } else if (!(target in may_include) || path !~ /\//) {
      report("in neither table of the layering check: " path)
    } else if (target != room) {
      if (!lists(may_include[room], target))
        report(room " may not include " target ": " path)
      else if (smuggled(path, room) != "")
        report(room " may not include " smuggled(path, room) ", shown by " path)
    }
  }

  BEGIN {
    n = split(rooms, row, "\n")
    for (i = 1; i <= n; i++) {
      if (row[i] == "" || row[i] ~ /^#/) continue
      fields(row[i], field)
      may_include[field[1]] = field[2]
      in_sources[field[1]] = field[3]
      in_headers[field[1]] = field[4]
    }
    n = split(libraries, row, "\n")
    for (i = 1; i <= n; i++) {
      if (split(row[i], field, " ") != 2) continue
      library[++known] = field[1]
      pattern[known] = field[2]
    }
  }

  {
    file = substr($0, 3)
    number = 1
    if (!(room_of(file) in may_include)) {
      report("no room of this name in the layering check")
      next
    }
    for (; (getline line < $0) > 0; number++) {
      if (line !~ /^[ \t]*#[ \t]*include[ \t]*["<]/) continue
      sub(/^[^"<]*["<]/, "", line)
      sub(/[">].*/, "", line)
      from[++includes] = file
      at[includes] = number
      to[includes] = line
      lib = library_of(line)
      if (lib != "" && lib != "std" && lib != "posix") shows[file] = shows[file] " " lib
    }
    close($0)
  }

  END {
    spread()
    for (i = 1; i <= includes; i++) {
      file = from[i]
      number = at[i]
      check(room_of(file), to[i])
    }
    if (NR == 0) {
      print "no sources to check"
      bad = 1
    }
    exit bad
  }
'
