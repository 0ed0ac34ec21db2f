// Only YAML files of these modules are used, no package: `go mod tidy` would take the requirements out.
module entrada.dev/toolchain/crds

go 1.25.0

require (
	sigs.k8s.io/gateway-api v1.4.1
	sigs.k8s.io/secrets-store-csi-driver v1.5.3
)
