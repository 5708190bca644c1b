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
#   versions: all; a warning where the named ConfigMap is not here at all, but in a running cluster, where it then is not there
#   situations: [certificate]
#   logs:
#   - 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
#   facts: [imageConfigs]
#   absent: [ConfigMap]
package mirrorproof.rules.trusted_ca_not_found

findings contains {"level": problem.level, "message": message, "at": trusted.at, "related": related} if {
	some config in input.imageConfigs
	trusted := config.trusted
	problem := problems[trusted.state]
	message := $"`additionalTrustedCA` names ConfigMap/{trusted.name}, {problem.text}"
	related := [{"at": trusted.found.at, "message": note} | note := $"{trusted.found.title} is here"]
}

problems := {
	"elsewhere": {"level": "error", "text": "which is here in another namespace: nodes get it from openshift-config alone"},
	"other": {"level": "warning", "text": "which is not here, while another ConfigMap in openshift-config holds the certificate authorities of registries: unless something else makes the one that is named, nodes get none"},
	"nowhere": {"level": "error", "text": "which is not in the namespace openshift-config of this running cluster: nodes get none"},
}
