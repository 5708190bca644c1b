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

# The live entries of a source for one kind of pull that a node would know of.
entries_for(source, pull) := [entry |
	some index in source.entries
	entry := input.entries[index]
	entry.effective
	input.mirrorSets[entry.set].pull == pull
]

quoted(values) := concat(", ", [text |
	some value in values
	text := $"`{value}`"
])
