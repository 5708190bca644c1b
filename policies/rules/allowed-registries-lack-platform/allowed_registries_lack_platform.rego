# METADATA
# title: allowedRegistries without what every cluster pulls from
# description: >-
#   With `allowedRegistries`, nodes reject every image that is not in the list, those of the platform too: the release (quay.io/openshift-release-dev),
#   Red Hat's operators (registry.redhat.io) and the cluster's own registry. Pods of the platform then fail as they are rescheduled, and an upgrade stops.
# related_resources:
# - description: Image configuration resources
#   ref: https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/images/image-configuration
# custom:
#   level: error
#   fix: >-
#     Add the registries to `allowedRegistries`, unless nothing of this cluster is pulled by that name.
#   versions: all; a warning for registries that not every cluster pulls from
#   situations: [pull-fails, upgrade-stuck]
#   facts: [imageConfigs]
package mirrorproof.rules.allowed_registries_lack_platform

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": config.at} if {
	some config in input.imageConfigs
	lacking := [name | some name in config.lacks; not uses[name]; not mirrored(name)]
	count(lacking) > 0
	condition := unless(lacking)
	level := {true: "error", false: "warning"}[condition == ""]
	message := $"`allowedRegistries` does not hold {lib.quoted(lacking)}: nodes reject the images of the platform itself{condition}"
}

findings contains {"level": "warning", "message": message, "at": config.at} if {
	some config in input.imageConfigs
	lacking := [name | some name in config.lacks; uses[name]; not mirrored(name); not name in said]
	count(lacking) > 0
	images := concat(" and ", [uses[name] | some name in lacking])
	message := $"`allowedRegistries` does not hold {lib.quoted(lacking)}: nodes reject images {images} that are called so"
}

uses := {"registry.redhat.io": "of Red Hat's operators", "image-registry.openshift-image-registry.svc:5000": "of image streams"}

# What a release is made of keeps its names wherever the release image comes from.
unless(lacking) := " (unless the release image is called by the name of a mirror)" if {
	lacking == [input.cluster.release.repository]
	input.cluster.release.assumed
} else := ""

# Registries of images that are rejected: allowed-registries-lack-source names those.
said contains image.host if {
	some image in input.images
	image.route == "rejected"
	image.certain
}

# Then allowed-registries-lack-source says so.
mirrored(name) if {
	some source in input.sources
	lib.is_mirrored(source)
	source.allowed == "none"
	startswith($"{name}/", $"{source.source}/")
}
