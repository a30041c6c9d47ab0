//! A task whose entrypoint is `cstore exec`, as docs/tasks.md has it: the binary from its image in another one, and
//! credentials from where ECS and EKS offer them.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::harness::container::{docker, docker_says, image_of_command_line, image_of_jobs};
use crate::harness::{ACCESS_KEY, Action, Bucket, REGION, SECRET_KEY, Service, task_role};

/// The first block of this language on the page.
fn block(language: &str) -> String {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tasks.md")).unwrap();
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// An image with a shell, `cstore` and this entrypoint.
fn image() -> &'static str {
    static IMAGE: OnceLock<String> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        // The page's, with images that are here in place of those that it names.
        let dockerfile = block("dockerfile")
            .replace("node:22-slim", &image_of_jobs())
            .replace("ghcr.io/OWNER/cstore:1", &image_of_command_line());
        fs::write(folder.path().join("server.js"), "").unwrap();
        fs::write(folder.path().join("Dockerfile"), dockerfile).unwrap();
        let tag = format!("{}-task", image_of_command_line());
        // The builder that takes images of this machine without asking a registry.
        let mut build = docker();
        build.env("DOCKER_BUILDKIT", "0").args(["build", "--quiet", "--tag", &tag]).arg(folder.path());
        let output = build.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        tag
    })
}

/// A version of two files, and a task that may read it.
struct Task {
    endpoint: String,
    bucket: Bucket,
    credentials: Service,
}

impl Task {
    fn new() -> Self {
        let bucket = Bucket::versioned();
        let push = Action::push(&bucket).version("v1.0.0").files(&[".env", "certs/ca.pem"]);
        let push = push.workspace_file(".env", "TOKEN=swordfish\n").workspace_file("certs/ca.pem", "certificate\n");
        push.run().succeeds();
        let credentials = task_role("token-of-the-task");
        Self { endpoint: bucket.server().endpoint(), bucket, credentials }
    }

    /// `docker run` with options before the image, and words after it.
    fn run(&self, options: &[&str], image: &str, words: &[&str]) -> Command {
        let mut run = docker();
        run.args(["run", "--rm", "--network", "host", "--label", "cstore-test"]);
        for (name, value) in [
            ("CSTORE_CONTEXT", "shop"),
            ("CSTORE_BUCKET", self.bucket.name()),
            ("CSTORE_VERSION", "v1.0.0"),
            ("AWS_REGION", REGION),
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/role", self.credentials.endpoint())),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token-of-the-task"),
        ] {
            run.args(["-e", &format!("{name}={value}")]);
        }
        run.args(options).arg(image).args(words);
        run
    }

    /// What a task printed that must have succeeded.
    fn printed(&self, options: &[&str], words: &[&str]) -> String {
        let output = self.run(options, image(), words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A name for a container that is told to end.
fn name() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(1);
    format!("cstore-test-task-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

#[test]
#[ignore = "needs Docker"]
fn the_program_is_process_1_and_has_the_values_of_the_tasks_role() {
    let task = Task::new();
    let show = ["sh", "-c", "echo \"$$ $TOKEN\"; tr '\\0' ' ' < /proc/1/cmdline | cut -c 1-4"];
    assert_eq!(task.printed(&[], &show), "1 swordfish\nsh -\n");
    assert_eq!(task.credentials.requests().len(), 1);
    // With an init of Docker's it is the init's one child.
    let with_init = task.printed(&["--init"], &["sh", "-c", "echo \"$PPID $TOKEN\""]);
    assert_eq!(with_init, "1 swordfish\n");
}

#[test]
#[ignore = "needs Docker"]
fn a_hardened_task_reads_files_that_touch_no_disk() {
    let task = Task::new();
    let hardened = [
        "--read-only",
        "--user",
        "12345:12345",
        "--cap-drop",
        "ALL",
        "--security-opt",
        "no-new-privileges",
        "-e",
        "CSTORE_FILE=certs/ca.pem=CA_FILE",
    ];
    assert_eq!(task.printed(&hardened, &["sh", "-c", "cat \"$CA_FILE\" \"$CA_FILE\""]), "certificate\ncertificate\n");
}

#[test]
#[ignore = "needs Docker"]
fn a_task_ends_as_its_program_does() {
    let task = Task::new();
    let script = "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done";
    for options in [&[][..], &["--init"]] {
        let name = name();
        let options = [options, &["--name", &name]].concat();
        let mut run = task.run(&options, image(), &["sh", "-c", script]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(run.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        docker_says(&["stop", "--time", "5", &name]);
        assert_eq!(run.wait().unwrap().code(), Some(5), "{options:?}");
    }
    let code = |words: &[&str]| task.run(&[], image(), words).stderr(Stdio::null()).status().unwrap().code();
    assert_eq!(code(&["sh", "-c", "exit 7"]), Some(7));
    assert_eq!(code(&["no-such-command"]), Some(127));
    assert_eq!(code(&["/etc/passwd"]), Some(126));
}

#[test]
#[ignore = "needs Docker"]
fn a_task_that_is_told_to_end_before_its_program_is_there_starts_none() {
    for (options, signal, expected) in
        [(&[][..], "TERM", 143), (&["--init"], "TERM", 143), (&[], "INT", 130), (&["--init"], "INT", 130)]
    {
        let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let task = Task { endpoint: format!("http://{}", silent.local_addr().unwrap()), ..Task::new() };
        let name = name();
        let options = [options, &["--name", &name]].concat();
        let mut run: Child = task.run(&options, image(), &["echo", "started"]).stdout(Stdio::piped()).spawn().unwrap();
        let _connection = silent.accept().unwrap();
        docker_says(&["kill", "--signal", signal, &name]);
        let code = run.wait().unwrap().code();
        let said = std::io::read_to_string(run.stdout.take().unwrap()).unwrap();
        assert_eq!((code, said.as_str()), (Some(expected), ""), "{options:?} {signal}");
    }
}

#[test]
#[ignore = "needs Docker"]
fn an_image_of_nothing_but_a_program_needs_no_shell() {
    let task = Task::new();
    let own = image_of_command_line();
    let output = task.run(&[], &own, &["exec", "--", "/cstore", "get", "TOKEN"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "swordfish", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[ignore = "needs Docker"]
fn process_1_has_the_values_in_its_environment_and_nothing_else_of_this_tool() {
    let look = "tr '\\0' '\\n' </proc/1/environ; ls /proc/1/fd; readlink /proc/1/exe; grep -c cstore /proc/1/maps";
    let output = Task::new().run(&[], image(), &["bash", "-c", look]).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = printed.lines().collect();
    assert!(lines.contains(&"TOKEN=swordfish"), "{printed}");
    let [.., input, output, errors, exe, of_memory] = lines[..] else { panic!("{printed}") };
    assert_eq!(([input, output, errors], of_memory), (["0", "1", "2"], "0"), "{printed}");
    assert!(exe.ends_with("/bash"), "{printed}");
}

#[test]
#[ignore = "needs Docker"]
fn the_image_itself_runs_as_nobody_on_a_system_that_cannot_be_written() {
    let options = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
    let says = |words: &[&str]| {
        let output = Task::new().run(&options, &image_of_command_line(), words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let version = format!("cstore {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(says(&["--version"]), version);
    assert_eq!(says(&["exec", "--", "/cstore", "--version"]), version);
}

/// The pod of the page: what its two containers run, and the volume between them.
#[test]
#[ignore = "needs Docker"]
fn an_init_container_hands_the_binary_to_an_image_that_has_none() {
    let pod = block("yaml");
    let commands = pod.lines().filter_map(|line| line.trim().strip_prefix("command: "));
    let commands: Vec<Vec<String>> = commands.map(|words| serde_json::from_str(words).unwrap()).collect();
    let [copy, start] = &commands[..] else { panic!("{pod}") };
    assert_eq!(pod.matches("name: tools, mountPath: /tools").count(), 2, "{pod}");
    let volume = Made { kind: "volume", name: name() };
    docker_says(&["volume", "create", "--label", "cstore-test", &volume.name]);
    let of_init = ["run", "--rm", "--label", "cstore-test", "--volume", &format!("{}:/tools", volume.name)];
    let of_init = [&of_init[..], &["--entrypoint", &copy[0], image(), &copy[1], &copy[2]]].concat();
    docker_says(&of_init);
    let task = Task::new();
    let read_only = format!("{}:/tools:ro", volume.name);
    let options = ["--user", "12345:12345", "--volume", &read_only, "--entrypoint", &start[0]];
    // What the page starts is the reader's own.
    let own = start.iter().position(|word| word == "--").unwrap() + 1;
    let words: Vec<_> = start[1..own].iter().map(String::as_str).chain(["sh", "-c", "echo $$ $TOKEN"]).collect();
    let output = task.run(&options, &image_of_jobs(), &words).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(printed, "1 swordfish\n", "{}", String::from_utf8_lossy(&output.stderr));
}

/// Something of Docker's, until the test has ended.
struct Made {
    kind: &'static str,
    name: String,
}

impl Drop for Made {
    fn drop(&mut self) {
        let _ = docker().args([self.kind, "rm", "--force", &self.name]).output();
    }
}

/// Answers a request for credentials at the one path as the agent of ECS does, and says which path was asked for. Debian's
/// smallest system has Perl.
const AGENT: &str = r#"
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 5) or die $!;
$| = 1;
print "ready\n";
while (my $client = $server->accept) {
    my $line = <$client>;
    while (<$client> =~ /\S/) {}
    print $line;
    my $status = $line =~ m{^GET /v2/credentials/of-the-task } ? "200 OK" : "404 Not Found";
    my $length = length $ENV{CREDENTIALS};
    print $client "HTTP/1.1 $status\r\nContent-Length: $length\r\nConnection: close\r\n\r\n$ENV{CREDENTIALS}";
    close $client;
}
"#;

/// Hands what comes from Docker's networks on to a server that listens on the loopback alone; gives the port.
fn handed_on(endpoint: &str) -> u16 {
    let server = endpoint.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, server) = (client.unwrap(), TcpStream::connect(&server).unwrap());
            let pairs = [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)];
            for (mut from, mut to) in pairs {
                thread::spawn(move || {
                    let _ = io::copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Write);
                });
            }
        }
    });
    port
}

/// The address is fixed: 169.254.170.2, as for tasks in ECS.
#[test]
#[ignore = "needs Docker"]
fn a_task_gets_its_values_from_where_the_agent_of_ecs_listens() {
    let network = Made { kind: "network", name: name() };
    let of_network = ["--subnet", "169.254.170.0/29", "--gateway", "169.254.170.1", &network.name];
    docker_says(&[&["network", "create", "--label", "cstore-test"], &of_network[..]].concat());
    let credentials = serde_json::json!({
        "RoleArn": "arn:aws:iam::111122223333:role/shop-task",
        "AccessKeyId": ACCESS_KEY,
        "SecretAccessKey": SECRET_KEY,
        "Token": "session-token-of-the-task",
        "Expiration": "2099-01-01T00:00:00Z",
    });
    let agent = Made { kind: "container", name: name() };
    let mut serve = docker();
    serve.args(["run", "--rm", "--name", &agent.name, "--label", "cstore-test", "--network", &network.name]);
    serve.args(["--ip", "169.254.170.2", "-e", &format!("CREDENTIALS={credentials}")]);
    serve.args([&image_of_jobs(), "perl", "-e", AGENT]);
    let mut served = serve.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(served.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(lines.next().as_deref(), Some("ready"));

    let task = Task::new();
    let endpoint = format!("AWS_ENDPOINT_URL=http://169.254.170.1:{}", handed_on(&task.endpoint));
    let mut run = docker();
    run.args(["run", "--rm", "--network", &network.name, "--label", "cstore-test", "-e", &endpoint]);
    for variable in [
        "CSTORE_CONTEXT=shop",
        &format!("CSTORE_BUCKET={}", task.bucket.name()),
        "CSTORE_VERSION=v1.0.0",
        "CSTORE_ALLOW_HTTP=true",
        &format!("AWS_REGION={REGION}"),
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/of-the-task",
    ] {
        run.args(["-e", variable]);
    }
    let output = run.args([image(), "sh", "-c", "echo $$ $TOKEN"]).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(printed, "1 swordfish\n", "{}", String::from_utf8_lossy(&output.stderr));
    drop(agent);
    served.wait().unwrap();
    let asked: Vec<_> = lines.map(|line| line.trim_end().to_owned()).collect();
    assert_eq!(asked, ["GET /v2/credentials/of-the-task HTTP/1.1"]);
}
