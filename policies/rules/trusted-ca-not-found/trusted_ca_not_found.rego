# METADATA
# title: Certificate authorities of registries that are not where nodes look for them
# description: >-
#   The ConfigMap that `additionalTrustedCA` of Image/cluster names is looked for in the namespace openshift-config alone. Elsewhere, or under another
#   name, nothing of it reaches the nodes: pulls from the mirrors fail with `x509: certificate signed by unknown authority`.
# related_resources:
# - description: Image configuration resources
#   ref: https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/images/image-configuration
# custom:
#   level: error
#   fix: >-
#     Put the ConfigMap into the namespace openshift-config, and name it in `additionalTrustedCA`.
#   versions: all
#   situations: [certificate]
package mirrorproof.rules.trusted_ca_not_found

findings contains {"level": "error", "message": message, "at": trusted.at, "related": related} if {
	some config in input.imageConfigs
	trusted := config.trusted
	problem := problems[trusted.state]
	message := $"`additionalTrustedCA` names ConfigMap/{trusted.name}, {problem}"
	related := [{"at": trusted.found.at, "message": trusted.found.title}]
}

problems := {
	"elsewhere": "which is in another namespace than openshift-config",
	"other": "which is not here, while another ConfigMap in openshift-config holds the certificate authorities of registries",
}
