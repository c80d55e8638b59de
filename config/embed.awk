# SPDX-License-Identifier: MIT
# usage: awk -f config/embed.awk config/vendors.yaml > vendors_table.c
#
# A text as the string behind chat/vendors.h: character by character, because C
# promises no string literal above 4095. POSIX awk only.
BEGIN {
    print "/* Made from config/vendors.yaml. */"
    print "#include \"chat/vendors.h\"\n"
    print "const char vendors_table[] = {"
}
{
    line = "    "
    for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        line = line "'" (c == "\\" || c == "'" ? "\\" : "") c "', "
    }
    print line "'\\n',"
}
END { print "    '\\0'\n};" }
