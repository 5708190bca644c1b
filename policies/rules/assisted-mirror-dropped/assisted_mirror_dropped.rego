# METADATA
# title: Mirror that the assisted installer does not pass on
# description: >-
#   The assisted service reads locations and their mirrors from the ConfigMap's registries.conf, and nothing else: mirrors with `pull-from-mirror = "all"`
#   are dropped, those for tags serve the installation but not the cluster, `prefix` is not read, and a source has to be a repository.
# custom:
#   level: error
#   fix: >-
#     Leave `pull-from-mirror` out or set it to `digest-only`, write repositories as `location`, and give the cluster its tag mirrors by an
#     ImageTagMirrorSet.
#   versions: all; a warning for mirrors of tags, prefixes and sources that are hosts
#   situations: [install, from-the-internet]
package mirrorproof.rules.assisted_mirror_dropped

findings contains {"level": verdict.level, "message": message, "at": dropped.at} if {
	some dropped in input.dropped
	verdict := verdicts[dropped.reason]
	message := $"`{dropped.location}` in {dropped.title} {verdict.effect}"
}

verdicts := {
	"all": {"level": "error", "effect": "is dropped: the assisted service does not know `pull-from-mirror = \"all\"`"},
	"tag-only": {"level": "warning", "effect": "serves tags, which the assisted service does not pass on to the clusters that it installs"},
	"prefix": {"level": "warning", "effect": "is a prefix, which the assisted service does not read: its location counts"},
	"no-location": {"level": "error", "effect": "has no location, so the assisted service drops it"},
}

findings contains {"level": "warning", "message": message, "at": entry.source.at} if {
	some entry in input.entries
	set := input.mirrorSets[entry.set]
	set.maker == "assisted"
	not contains(entry.source.value, "/")
	message := $"`{entry.source.value}` in {set.madeOf} is a host: the assisted service takes repositories"
}
