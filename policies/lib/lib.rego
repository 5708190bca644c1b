# METADATA
# description: What several rules share. Indexes in the facts are resolved here.
package mirrorproof.lib

# Versions compare as arrays: [4, 14] < [4, 14, 3] < [4, 15]. Both are undefined while the version is not known.
at_least(numbers) if input.cluster.version.numbers >= numbers

before(numbers) if input.cluster.version.numbers < numbers

version_unknown if input.cluster.version == null

# "ImageDigestMirrorSet/ubi", for an entry.
title_of(entry) := input.mirrorSets[entry.set].title

kind_of(entry) := input.mirrorSets[entry.set].kind

# The entries that give a source its mirrors for one kind of pull, and the first of them.
entries_for(source, pull) := [input.entries[index] | some index in source[pull].entries]

first_entry(source, pull) := input.entries[source[pull].entries[0]]

quoted(values) := concat(", ", [text |
	some value in values
	text := $"`{value}`"
])

# Whether the objects of these entries surely meet in one cluster.
together(entries) if count({input.mirrorSets[entry.set].home | some entry in entries}) == 1

# What breaks a cluster is an error where the objects surely meet, and a warning that names its condition where that is a guess.
level(entries) := "error" if together(entries)

level(entries) := "warning" if not together(entries)

condition(entries) := "" if together(entries)

condition(entries) := " (if both reach one cluster)" if not together(entries)

# The registry of a location.
host(location) := split(location, "/")[0]
