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

# Whether some entry of one list and some entry of the other stand in objects that surely meet.
meet(entries, others) if {
	some entry in entries
	some other in others
	input.mirrorSets[entry.set].home == input.mirrorSets[other.set].home
}

# That the objects meet is read from the layout of the folders, and they stand in different ones.
condition(entries) := " (if they reach the same cluster)" if {
	not input.cluster.declared
	count({input.mirrorSets[entry.set].folder | some entry in entries}) > 1
} else := ""
