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

entries_of(source) := [input.entries[index] | some index in source.entries]

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

# The same of what has a home and a folder itself, and of a list of such: mirror sets, images, what Image/cluster says.
meets_any(one, others) if {
	some other in others
	other.home == one.home
}

# Surely broken where they surely meet.
error_with(one, others) := "error" if {
	meets_any(one, others)
} else := "warning"

condition_with(one, others) := " (if they reach the same cluster)" if {
	not input.cluster.declared
	count(others) > 0
	every other in others { other.folder != one.folder }
} else := ""

sets_of(entries) := [input.mirrorSets[entry.set] | some entry in entries]

plural(1, one, _) := $"1 {one}"

plural(number, _, many) := $"{number} {many}" if number != 1

# Behind the first of several: " and 3 more".
more(1) := ""

more(number) := $" and {number - 1} more" if number > 1

be(1) := "is"

be(number) := "are" if number != 1

# "mirror.example.com:5000", of a location.
host(location) := split(location, "/")[0]

is_public(name) if split(name, ":")[0] in public_hosts

is_public(name) if {
	bare := split(name, ":")[0]
	some suffix in [".docker.io", ".gcr.io", ".pkg.dev", ".quay.io", ".redhat.io", ".access.redhat.com", ".connect.redhat.com", ".marketplace.redhat.com"]
	endswith(bare, suffix)
}

public_hosts := {
	"docker.io", "gcr.io", "ghcr.io", "icr.io", "lscr.io", "mcr.microsoft.com", "nvcr.io", "public.ecr.aws", "quay.io",
	"registry.gitlab.com", "registry.k8s.io", "k8s.gcr.io", "registry.suse.com", "cp.icr.io", "docker.elastic.co", "container-registry.oracle.com",
	"registry.developers.crunchydata.com", "projects.registry.vmware.com", "registry.ci.openshift.org",
}

# What a cluster has itself: its own registry, mirrors, and hosts beside them.
is_local(name) if input.hosts[name]

is_local(name) if is_internal(name)

is_local(name) if {
	not is_public(name)
	domain(name) in local_domains
}

is_local(name) if is_own(name)

local_domains contains domain(name) if {
	some name, _ in input.hosts
	not is_public(name)
}

# The last two parts of a host name.
domain(name) := concat(".", array.slice(parts, max([0, count(parts) - 2]), count(parts))) if parts := split(split(name, ":")[0], ".")

# No public registry is called so: it is an address, has a port, or a name that no public resolver knows.
# (Without regular expressions: the first one costs more than all rules on a small file.)
is_own(name) if {
	not is_public(name)
	contains(name, ":")
}

is_own(name) if {
	parts := split(name, ".")
	last := parts[count(parts) - 1]
	trim(last, "0123456789") in own_domains
}

# An address ends in nothing but digits.
own_domains := {"", "localhost", "local", "localdomain", "internal", "intranet", "lan", "lab", "corp", "home", "private", "svc", "test", "example", "invalid"}

# The cluster's own registry, by the names that it has inside: nodes have its certificate authority and credentials.
is_internal(name) if startswith(name, "image-registry.openshift-image-registry.svc")

# Mirror sets with something in them.
active_sets := {entry.set | some entry in input.entries; entry.effective}

is_mirrored(source) if source.digest != null

is_mirrored(source) if source.tag != null

# The first entry of a source that forbids it, of those that count.
never(source) := [entry | some index in source.entries; entry := input.entries[index]; entry.effective; entry.policy == "NeverContactSource"][0]

# Sources that hide a broader one which has mirrors for a kind of pull, and have none: hidden-by-narrower-source says so of the sources.
narrowed[pull] contains overlap.narrow if {
	some pull in ["digest", "tag"]
	some overlap in input.overlaps
	overlap[pull].mirrored == false
	overlap[pull].lost > 0
}

# `not index in narrowed[pull]` would be undefined where nothing is.
is_narrowed(index, pull) if index in narrowed[pull]

# Images that go to their source although it has mirrors, for those serve the other kind of pull: by kind of pull, then by what is said of several at once.
# One whose pull fails for sure is said alone.
missing[pull][[level, condition, image.entry.prefix, alone]] contains index if {
	some index, image in input.images
	image.route == "source"
	some pull, other in {"tag": "digest", "digest": "tag"}
	image.by == pull
	image.entry.serves == [other]
	image.entry.splitsPort == false
	not hidden(image, pull)
	level := image_level(image)
	condition := image_condition(image)
	alone := object.get({"error": index}, level, -1)
}

hidden(image, pull) if is_narrowed(image.entry.source, pull)

# What is said of such images; the key is that of `missing`.
missing_finding(pull, key, indexes) := {"level": key[0], "message": message, "at": images[0].at, "related": array.concat(related(images[0]), others)} if {
	images := [input.images[index] | some index in sort(indexes)] # a set has no order in Wasm
	served := {"tag": "digests", "digest": "tags"}[pull]
	message := $"{subject(images)} pulled by {pull}{untagged(images[0])}, but the mirrors of `{key[2]}` serve {served} only: nodes go to the source{key[1]}"
	others := [{"at": image.at, "message": note} |
		some place, image in images
		place > 0
		note := $"`{image.image}` too"
	]
}

subject(images) := concat("", [named(images[0]), others_are(images)])

# A field of a custom resource may look like an image and be none.
named(image) := $"image `{image.image}`" if image.certain

named(image) := $"what looks like an image, `{image.image}`," if not image.certain

others_are(images) := " is" if count(images) == 1

others_are(images) := $" and {count(images) - 1} more are" if count(images) > 1

untagged(image) := " (nodes drop its tag)" if {
	image.by == "digest"
	parts := split(split(image.image, "@")[0], "/")
	contains(parts[count(parts) - 1], ":")
} else := ""

# An error where the pull fails for sure: in a disconnected cluster, of a field that is surely pulled, where image and mirror set surely meet.
image_level(image) := ["error", "warning", "info"][min([doubts, 2])] if {
	doubts := count([doubt |
		some doubt in ["connected", "uncertain", "apart"]
		doubtful(image, doubt)
	])
}

doubtful(_, "connected") if not input.cluster.disconnected

doubtful(image, "uncertain") if not image.certain

doubtful(image, "apart") if not beside(image)

# The image and some entry of its source stand in objects that surely meet.
beside(image) if {
	some entry in image_entries(image)
	input.mirrorSets[entry.set].home == image.home
}

beside(image) if count(image_entries(image)) == 0

image_entries(image) := [input.entries[index] | some index in input.sources[image.entry.source].entries]

image_condition(image) := " (if they reach the same cluster)" if {
	not input.cluster.declared
	some entry in image_entries(image)
	every one in image_entries(image) { input.mirrorSets[one.set].folder != image.folder }
} else := ""

# The entry that decides, and the other places of an image.
related(image) := array.concat(decides(image), array.concat(used, rest)) if {
	used := [{"at": place.at, "message": note} |
		some place in image.more
		note := $"{place.title} uses it too"
	]
	rest := [{"at": image.at, "message": note} |
		count(image.more) + 1 < image.count
		note := $"{image.count} places use it in all"
	]
}

decides(image) := [{"at": image.entry.at, "message": note} | note := $"`{image.entry.prefix}` is the entry that decides"]

# What a waiver is written as.
waiver(one) := {"comment": "this comment", "annotation": "a line of this annotation", "configuration": "this entry"}[one.by]
