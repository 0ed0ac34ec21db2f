//go:build tools

// Package tools pins the Pulumi CLI: the import keeps its whole dependency tree in go.sum.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
