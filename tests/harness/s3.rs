//! A bucket of a test server, seen without the code under test.

use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::http::{Request, Response, encode};
use super::in_memory::Versioning;
use super::kms::KmsKey;
use super::leak::Secrets;
use super::server::Server;
use super::xml;

/// A bucket. Its clones are the same bucket.
#[derive(Clone)]
pub(crate) struct Bucket {
    server: &'static Server,
    name: String,
    secrets: Secrets,
}

/// An object as a GET or HEAD answers it.
pub(crate) struct Object(Response);

/// A row of `ListObjectVersions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectVersion {
    pub(crate) key: String,
    pub(crate) version_id: String,
    pub(crate) is_latest: bool,
    pub(crate) is_delete_marker: bool,
}

impl Bucket {
    /// A fresh bucket with versioning.
    pub(crate) fn versioned() -> Self {
        Self::create(&fresh_name("bucket"), Versioning::Enabled)
    }

    /// A fresh bucket whose versioning is suspended: its objects have the version id `null`.
    pub(crate) fn suspended() -> Self {
        Self::create(&fresh_name("bucket"), Versioning::Suspended)
    }

    /// A fresh bucket that never had versioning.
    pub(crate) fn unversioned() -> Self {
        Self::create(&fresh_name("bucket"), Versioning::Off)
    }

    /// A fresh bucket of the server in memory.
    pub(crate) fn in_memory(versioning: Versioning) -> Self {
        Self::on(Server::in_memory(), versioning)
    }

    /// A fresh bucket of a server, which several processes may share.
    pub(crate) fn on(server: &'static Server, versioning: Versioning) -> Self {
        Self::create_on(server, &fresh_name(&format!("{}-bucket", process::id())), versioning)
    }

    /// A fresh bucket with Object Lock, whose objects may not be deleted or replaced for a day. It has versioning, so
    /// what is put anew hides them.
    pub(crate) fn locked() -> Self {
        let bucket = Self { server: Server::shared(), name: fresh_name("bucket"), secrets: Secrets::default() };
        let create = Request::new("PUT", format!("/{}", bucket.name));
        bucket.send(create.headers(&[("x-amz-bucket-object-lock-enabled", "true")])).succeeded();
        bucket.bucket_request(
            "PUT",
            "object-lock",
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
             <Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>",
        );
        bucket
    }

    /// A bucket that does not exist.
    pub(crate) fn missing() -> Self {
        Self { server: Server::shared(), name: fresh_name("missing"), secrets: Secrets::default() }
    }

    /// A bucket that somebody else made.
    pub(crate) fn existing(server: &'static Server, name: &str) -> Self {
        Self { server, name: name.to_owned(), secrets: Secrets::default() }
    }

    /// Creates a bucket under a name of the test's choice, which no other test of its program may choose.
    pub(crate) fn create(name: &str, versioning: Versioning) -> Self {
        Self::create_on(Server::shared(), name, versioning)
    }

    /// The same on another server.
    pub(crate) fn create_on(server: &'static Server, name: &str, versioning: Versioning) -> Self {
        let bucket = Self::existing(server, name);
        bucket.bucket_request("PUT", "", "");
        let status = match versioning {
            Versioning::Off => return bucket,
            Versioning::Enabled => "Enabled",
            Versioning::Suspended => "Suspended",
        };
        bucket.set_versioning(status);
        bucket
    }

    /// Switches versioning on or off, in S3's words.
    pub(crate) fn set_versioning(&self, status: &str) {
        let body = format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
        self.bucket_request("PUT", "versioning", &body);
    }

    /// Has the bucket encrypt by default with a key.
    pub(crate) fn encrypted_by_default(self, key: &KmsKey) -> Self {
        self.encrypted_by_default_with(&key.arn);
        self
    }

    /// As [`encrypted_by_default`](Self::encrypted_by_default), by the key's name.
    pub(crate) fn encrypted_by_default_with(&self, key: &str) {
        let body = format!(
            "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
             <SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>{key}</KMSMasterKeyID>\
             </ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
        );
        self.bucket_request("PUT", "encryption", &body);
    }

    /// Has the bucket look for leaks of what another one knows too, and the other way round.
    pub(crate) fn sharing_secrets_of(mut self, secrets: &Secrets) -> Self {
        self.secrets = secrets.clone();
        self
    }

    /// The bucket's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Where the bucket is.
    pub(crate) fn server(&self) -> &'static Server {
        self.server
    }

    /// The config values that may be in this bucket.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Puts an object with headers such as `x-amz-meta-cstore-version`; its version id, if it has one.
    pub(crate) fn put(&self, key: &str, body: impl AsRef<[u8]>, headers: &[(&str, &str)]) -> Option<String> {
        if !key.contains("/.cstore/") {
            self.secrets.add_file(key, body.as_ref());
        }
        self.put_foreign(key, body.as_ref(), headers)
    }

    /// As [`put`](Self::put), of what holds no values that anybody knows.
    pub(crate) fn put_foreign(&self, key: &str, body: &[u8], headers: &[(&str, &str)]) -> Option<String> {
        // Without a type the server takes the body for a form.
        let default_type: &[_] = match headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            true => &[],
            false => &[("Content-Type", "binary/octet-stream")],
        };
        let request = self.object_request("PUT", key, "").headers(default_type).headers(headers).body(body);
        self.send(request).succeeded().header("x-amz-version-id").map(str::to_owned)
    }

    /// Gets an object, if it is there.
    pub(crate) fn find(&self, key: &str) -> Option<Object> {
        self.send(self.object_request("GET", key, "")).found().map(Object)
    }

    /// Gets an object that must be there.
    pub(crate) fn get(&self, key: &str) -> Object {
        self.find(key).unwrap_or_else(|| panic!("there is no {key} among {:#?}", self.keys()))
    }

    /// Gets a version of an object, if it is there.
    pub(crate) fn find_version(&self, key: &str, version_id: &str) -> Option<Object> {
        let query = format!("?versionId={}", encode(version_id));
        self.send(self.object_request("GET", key, &query)).found().map(Object)
    }

    /// Gets the headers of an object, if it is there.
    pub(crate) fn head(&self, key: &str) -> Option<Object> {
        self.send(self.object_request("HEAD", key, "")).found().map(Object)
    }

    /// Deletes an object; with versioning a delete marker hides it.
    pub(crate) fn delete(&self, key: &str) {
        self.send(self.object_request("DELETE", key, "")).succeeded();
    }

    /// Deletes a version of an object, or a delete marker.
    pub(crate) fn delete_version(&self, key: &str, version_id: &str) {
        let query = format!("?versionId={}", encode(version_id));
        self.send(self.object_request("DELETE", key, &query)).succeeded();
    }

    /// The keys of all objects, sorted.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.keys_in_pages_of(1000)
    }

    /// As [`keys`](Self::keys), with pages of at most so many keys.
    pub(crate) fn keys_in_pages_of(&self, size: usize) -> Vec<String> {
        let mut keys = Vec::new();
        let mut token = None;
        loop {
            let continued = token.map_or_else(String::new, |token: String| {
                format!("&continuation-token={}", encode(&token).replace('/', "%2F"))
            });
            let page = self.bucket_request("GET", &format!("list-type=2&max-keys={size}{continued}"), "");
            keys.extend(xml::all(&page, "Contents").into_iter().map(|row| xml::text(row, "Key").unwrap()));
            token = xml::text(&page, "NextContinuationToken");
            if token.is_none() {
                return keys;
            }
        }
    }

    /// All versions of all objects, those of a key newest first, then all delete markers. For buckets of up to 1000.
    pub(crate) fn versions(&self) -> Vec<ObjectVersion> {
        self.versions_in_pages_of(1000)
    }

    /// As [`versions`](Self::versions), with pages of at most so many. moto has but one page.
    pub(crate) fn versions_in_pages_of(&self, size: usize) -> Vec<ObjectVersion> {
        let (mut versions, mut markers) = (Vec::new(), Vec::new());
        let mut query = format!("versions&max-keys={size}");
        loop {
            let page = self.bucket_request("GET", &query, "");
            let rows = |name, is_delete_marker| {
                xml::all(&page, name).into_iter().map(move |row| ObjectVersion {
                    key: xml::text(row, "Key").unwrap(),
                    version_id: xml::text(row, "VersionId").unwrap(),
                    is_latest: xml::text(row, "IsLatest").unwrap() == "true",
                    is_delete_marker,
                })
            };
            versions.extend(rows("Version", false));
            markers.extend(rows("DeleteMarker", true));
            if xml::text(&page, "IsTruncated").as_deref() == Some("false") {
                versions.append(&mut markers);
                return versions;
            }
            let next = |name| encode(&xml::text(&page, name).unwrap()).replace('/', "%2F");
            let (key, version) = (next("NextKeyMarker"), next("NextVersionIdMarker"));
            query = format!("versions&max-keys={size}&key-marker={key}&version-id-marker={version}");
        }
    }

    fn object_request(&self, method: &'static str, key: &str, query: &str) -> Request {
        Request::new(method, format!("/{}/{}{query}", self.name, encode(key)))
    }

    fn bucket_request(&self, method: &'static str, query: &str, body: &str) -> String {
        let request = Request::new(method, format!("/{}?{query}", self.name));
        self.send(request.headers(&[("Content-Type", "application/xml")]).body(body)).succeeded().text()
    }

    fn send(&self, request: Request) -> Response {
        self.server.send("s3", request)
    }
}

impl Object {
    /// The object's bytes; none after a HEAD.
    pub(crate) fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The object's bytes as text.
    pub(crate) fn text(&self) -> String {
        self.0.text()
    }

    /// The object's bytes as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.body()).expect("the object is JSON")
    }

    /// A header, its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.header(name)
    }

    /// The value of `x-amz-meta-…`.
    pub(crate) fn metadata(&self, name: &str) -> Option<&str> {
        self.header(&format!("x-amz-meta-{name}"))
    }

    /// The version id, `null` included; none where the bucket has no versioning.
    pub(crate) fn version_id(&self) -> Option<&str> {
        self.header("x-amz-version-id")
    }

    /// The KMS key that it is encrypted with.
    pub(crate) fn kms_key(&self) -> Option<&str> {
        self.header("x-amz-server-side-encryption-aws-kms-key-id")
    }
}

/// A name for a bucket that no other test of this program has.
pub(crate) fn fresh_name(what: &str) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(1);
    format!("t{}-{what}", COUNT.fetch_add(1, Ordering::Relaxed))
}
