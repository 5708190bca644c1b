# METADATA
# title: Blocked registry whose images are used or mirrored
# description: >-
#   A registry in `blockedRegistries` is blocked in registries.conf and rejected by policy.json, which judges an image by its own name: mirrors do not
#   help. `Source image rejected: Running image … is rejected by policy.`
# related_resources:
# - description: What the operator does with Image/cluster
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: >-
#     Take the registry out of `blockedRegistries`. To keep nodes from contacting a mirrored source, set `mirrorSourcePolicy: NeverContactSource` in its
#     mirror sets.
#   versions: all
#   situations: [pull-fails]
#   logs:
#   - 'Source image rejected: Running image docker://… is rejected by policy.'
#   facts: [scopes]
package mirrorproof.rules.blocked_registry_in_use

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": scope.at, "related": related} if {
	some scope in input.scopes
	scope.list == "blocked"
	indexes := {index | some index in scope.rejects.sources}
	sources := [input.sources[index] | some index in scope.rejects.sources]
	images := [image | some index in scope.rejects.images; image := input.images[index]; image.certain; not meant(image, indexes)]
	release := [repository | some repository in scope.rejects.release; not inside(repository, sources)]
	names := array.concat(array.concat([source.source | some source in sources], release), [image.image | some image in images])
	count(names) > 0
	things := array.concat([set | some source in sources; some set in lib.sets_of(lib.entries_of(source))], images)
	level := lib.error_with(scope, things)
	message := $"`{scope.value}` is blocked, so nodes reject `{names[0]}`{lib.more(count(names))}{exception(sources)}, even from a mirror{lib.condition_with(scope, things)}"
	related := array.concat(
		[{"at": input.entries[source.entries[0]].source.at, "message": note} | some source in sources; note := $"`{source.source}` has mirrors"],
		[{"at": image.at, "message": note} | some image in array.slice(images, 0, 8); note := $"`{image.image}` is rejected"],
	)
}

inside(repository, sources) if {
	some source in sources
	startswith($"{repository}/", $"{source.source}/")
}

# Those of a source are meant with it.
meant(image, indexes) if image.entry.source in indexes

# Where the release image has a mirror, the operator has policy.json accept its repository.
exception(sources) := " except for the release image" if {
	some source in sources
	source.allowed == "some"
} else := ""
