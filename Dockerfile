# The images of the action and of the command line, each one static binary and the roots that TLS trusts. `docker build .`
# makes the action's, with BuildKit, for linux/amd64 and linux/arm64; `docker build --target cstore .` the other.

# Where the last stage takes its files from. scripts/build-image names another image here when the builder's cannot be
# had; BuildKit then leaves the stage `build` out.
ARG BUILT=build

FROM rust:1.95.0-alpine3.23@sha256:606fd313a0f49743ee2a7bd49a0914bab7deedb12791f3a846a34a4711db7ed2 AS build
SHELL ["/bin/sh", "-euo", "pipefail", "-c"]
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY scripts/no-unwind-tables.ld scripts/
COPY patches patches
COPY src src
# The target is named so that its flags are not those of build scripts and macros as well. Both platforms share the
# cache; one waits for the other.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    target=$(uname -m)-unknown-linux-musl; \
    cargo build --release --locked --target "$target" --bins; \
    for name in cstore-action cstore; do \
        install -D "target/$target/release/$name" "/image/$name/$name"; \
        install -D -m 0644 /etc/ssl/certs/ca-certificates.crt "/image/$name/etc/ssl/certs/ca-certificates.crt"; \
    done

# hadolint ignore=DL3006
FROM ${BUILT} AS built

# For a task or a pod: `COPY --from` it, or start it. Nobody's user, since nothing of it needs rights.
FROM scratch AS cstore
COPY --from=built /image/cstore/ /
USER 65532:65532
ENTRYPOINT ["/cstore"]

# Root, as GitHub requires of container actions; a restored file is given to the workspace's owner.
FROM scratch AS action
COPY --from=built /image/cstore-action/ /
ENTRYPOINT ["/cstore-action"]
