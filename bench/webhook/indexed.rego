# What the webhook says of workloads, as somebody who knows OPA well would write it: each prefix of an image is looked up.
package system

main := {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": {"uid": input.request.uid, "allowed": true, "warnings": [w | some w in warnings]}}

warnings contains $"image {image} has no mirror" if {
	some container in input.request.object.spec.template.spec.containers
	image := container.image
	not mirrored(image)
}

mirrored(image) if {
	parts := split(split(image, "@")[0], "/")
	some length in numbers.range(1, count(parts))
	data.sources[concat("/", array.slice(parts, 0, length))]
}
