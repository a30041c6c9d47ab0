# The action's image: one static binary and the roots that TLS trusts. `docker build .` makes it, with BuildKit, for
# linux/amd64 and linux/arm64.

# Where the last stage takes its files from. scripts/build-image names another image here when the builder's cannot be
# had; BuildKit then leaves the stage `build` out.
ARG BUILT=build

FROM rust:1.95.0-alpine3.23@sha256:606fd313a0f49743ee2a7bd49a0914bab7deedb12791f3a846a34a4711db7ed2 AS build
SHELL ["/bin/sh", "-euo", "pipefail", "-c"]
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src src
# Packed relocations take a few kB in place of 0.5 MB.
# The target is named so that the flags are not those of build scripts and macros as well. Both platforms share the
# cache; one waits for the other.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    target=$(uname -m)-unknown-linux-musl; \
    RUSTFLAGS="-C target-feature=+crt-static -C link-arg=-Wl,-z,pack-relative-relocs" \
        cargo build --release --locked --target "$target" --bin cstore-action; \
    install -D "target/$target/release/cstore-action" /image/cstore-action; \
    install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt

# hadolint ignore=DL3006
FROM ${BUILT} AS built

# Root, as GitHub requires of container actions; a restored file is given to the workspace's owner.
FROM scratch
COPY --from=built /image/ /
ENTRYPOINT ["/cstore-action"]
