//! Real servers for tests: Prometheus, Alertmanager, and a target whose fault can be switched on.
//!
//! Everything lives in a temporary folder and on free ports, and ends with the test. A server that is not installed
//! fails the test with words that say what to install.
#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test may fail, reads clocks and writes files")]

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::http;

/// How long a server may take to be ready.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// Waits until `is_so` gives something; the test fails after `within` with the last reason it gave.
#[track_caller]
pub fn until<T>(what: &str, within: Duration, mut is_so: impl FnMut() -> Result<T, String>) -> T {
    let deadline = Instant::now() + within;
    loop {
        match is_so() {
            Ok(value) => return value,
            Err(why) if Instant::now() >= deadline => panic!("{what} did not come about within {within:?}: {why}"),
            Err(_) => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// One server process. It is killed when this is dropped.
pub struct Server {
    name: &'static str,
    child: Child,
    log: PathBuf,
    argv: Vec<String>,
    ready: String,
}

impl Server {
    fn start(name: &'static str, argv: Vec<String>, ready: String, log: PathBuf) -> Self {
        let child = spawn(name, &argv, &log);
        let mut server = Self { name, child, log, argv, ready };
        server.wait_ready();
        server
    }

    /// Stops it at once, as a crash does.
    pub fn kill(&mut self) {
        // It may have ended by itself; either way it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it anew, with the same ports and folders.
    pub fn restart(&mut self) {
        self.kill();
        self.child = spawn(self.name, &self.argv, &self.log);
        self.wait_ready();
    }

    /// Lets it hang: it accepts connections and never answers.
    pub fn freeze(&self) {
        self.signal(rustix::process::Signal::STOP);
        // Of its many threads one could still answer until the last has stopped.
        let (child, stopped) = (rustix::process::Pid::from_child(&self.child), rustix::process::WaitOptions::UNTRACED);
        let status = rustix::process::waitpid(Some(child), stopped).expect("a child");
        assert!(status.is_some_and(|(_, status)| status.stopped()), "{}", self.name);
    }

    /// Ends [`freeze`](Self::freeze).
    pub fn thaw(&self) {
        self.signal(rustix::process::Signal::CONT);
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let sent = rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal);
        assert_eq!(sent, Ok(()), "{}", self.name);
    }

    fn wait_ready(&mut self) {
        let (name, ready, log) = (self.name, self.ready.clone(), self.log.clone());
        until(&format!("{name} ready"), READY_WITHIN, || {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("it ended with {status}:\n{}", tail(&log)));
            }
            match http::get(&ready) {
                Ok(answer) if answer.status == 200 => Ok(()),
                Ok(answer) => Err(format!("{} {:?}:\n{}", answer.status, answer.body, tail(&log))),
                Err(error) => Err(format!("{error}:\n{}", tail(&log))),
            }
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Prometheus, Alertmanager and what they watch.
pub struct Lab {
    pub prometheus: Server,
    pub alertmanager: Server,
    pub prometheus_url: String,
    pub alertmanager_url: String,
    pub target: Target,
    /// Removed last.
    _folder: tempfile::TempDir,
}

impl Lab {
    /// Starts all of it: scrapes and evaluates every second, three pods, alerts after two seconds.
    pub fn start() -> Self {
        let prometheus = installed("prometheus", "prometheus");
        let alertmanager = installed("prometheus-alertmanager", "prometheus-alertmanager");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        let target = Target::start().expect("a port for the target");
        let (prometheus_at, alertmanager_at) = (free_address(), free_address());
        write(&at("alertmanager.yml"), ALERTMANAGER_YML);
        write(&at("rules.yml"), RULES_YML);
        write(&at("prometheus.yml"), &prometheus_yml(&alertmanager_at, &target.address));
        let option = |name: &str, value: &dyn std::fmt::Display| format!("--{name}={value}");
        let alertmanager_url = format!("http://{alertmanager_at}");
        let alertmanager = Server::start(
            "prometheus-alertmanager",
            vec![
                alertmanager,
                option("config.file", &at("alertmanager.yml").display()),
                option("storage.path", &at("alertmanager").display()),
                option("web.listen-address", &alertmanager_at),
                // An empty address turns clustering off, and with it a port of its own.
                "--cluster.listen-address=".into(),
            ],
            format!("{alertmanager_url}/-/ready"),
            at("alertmanager.log"),
        );
        let prometheus_url = format!("http://{prometheus_at}");
        let prometheus = Server::start(
            "prometheus",
            vec![
                prometheus,
                option("config.file", &at("prometheus.yml").display()),
                option("storage.tsdb.path", &at("prometheus").display()),
                option("web.listen-address", &prometheus_at),
                option("rules.alert.resend-delay", &"2s"),
            ],
            format!("{prometheus_url}/-/ready"),
            at("prometheus.log"),
        );
        Self { prometheus, alertmanager, prometheus_url, alertmanager_url, target, _folder: folder }
    }

    /// Waits until an instant query gives exactly one series whose value is as wanted.
    #[track_caller]
    pub fn wait_value(&self, query: &str, within: Duration, wanted: impl Fn(f64) -> bool) -> f64 {
        let url = format!("{}/api/v1/query?query={}", self.prometheus_url, http::encoded(query));
        until(query, within, || {
            let answer = http::get(&url).map_err(|error| error.to_string())?;
            let value = answer.json()["data"]["result"][0]["value"][1].as_str().and_then(|text| text.parse().ok());
            value.filter(|value| wanted(*value)).ok_or_else(|| format!("it answered {}", answer.body))
        })
    }

    /// Waits until Alertmanager lists `count` alerts of this name, and gives them.
    #[track_caller]
    pub fn wait_alerts(&self, name: &str, count: usize, within: Duration) -> Vec<serde_json::Value> {
        let filter = http::encoded(&format!("alertname=\"{name}\""));
        let url = format!("{}/api/v2/alerts?filter={filter}", self.alertmanager_url);
        until(&format!("{count} of {name}"), within, || {
            let answer = http::get(&url).map_err(|error| error.to_string())?;
            let alerts = answer.json().as_array().cloned().unwrap_or_default();
            if alerts.len() == count { Ok(alerts) } else { Err(format!("Alertmanager lists {}", answer.body)) }
        })
    }
}

/// Three pods of a shop, scraped as one target. Their fault is switched by hand.
pub struct Target {
    pub address: String,
    faulty: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
}

/// How many pods the target speaks for.
pub const PODS: usize = 3;

impl Target {
    fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let target = Self { address: listener.local_addr()?.to_string(), faulty: Arc::default(), stop: Arc::default() };
        let (faulty, stop) = (target.faulty.clone(), target.stop.clone());
        thread::spawn(move || {
            let began = Instant::now();
            let (mut requests, mut failed, mut last) = (0.0_f64, 0.0_f64, Duration::ZERO);
            for stream in listener.incoming() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let now = began.elapsed();
                let seconds = (now - last).as_secs_f64();
                last = now;
                requests += 100.0 * seconds;
                if faulty.load(Ordering::Relaxed) {
                    failed += 30.0 * seconds;
                }
                // A scrape that breaks off is Prometheus' to report.
                let _ = stream.and_then(|stream| serve(stream, requests - failed, failed));
            }
        });
        Ok(target)
    }

    /// From now on 30 % of all requests fail, or none.
    pub fn set_faulty(&self, faulty: bool) {
        self.faulty.store(faulty, Ordering::Relaxed);
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the thread up, so that it sees it.
        let _ = TcpStream::connect(&self.address);
    }
}

fn serve(mut stream: TcpStream, good: f64, failed: f64) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    // The request must be read to its end: closing early would reset the connection.
    for line in BufReader::new(&stream).lines() {
        if line?.is_empty() {
            break;
        }
    }
    let mut body = String::from("# TYPE http_requests_total counter\n");
    for pod in 0..PODS {
        for (code, count) in [("200", good), ("500", failed)] {
            let labels = format!("service=\"checkout\",pod=\"checkout-{pod}\",code=\"{code}\"");
            body.push_str(&format!("http_requests_total{{{labels}}} {}\n", count.floor()));
        }
    }
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn prometheus_yml(alertmanager: &str, target: &str) -> String {
    format!(
        "global: {{scrape_interval: 1s, scrape_timeout: 900ms, evaluation_interval: 1s, external_labels: {{cluster: test}}}}\n\
         rule_files: [rules.yml]\n\
         alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager}']}}]}}]}}\n\
         scrape_configs:\n- job_name: shop\n  static_configs: [{{targets: ['{target}']}}]\n"
    )
}

const RULES_YML: &str = r#"groups:
- name: shop
  rules:
  - alert: CheckoutErrorRate
    expr: >
      sum by (service, pod) (rate(http_requests_total{code=~"5.."}[5s]))
      / sum by (service, pod) (rate(http_requests_total[5s])) > 0.05
    for: 2s
    labels: {severity: critical}
    annotations:
      summary: "{{ $labels.pod }} fails {{ $value | humanizePercentage }} of its requests"
      runbook_url: https://runbooks.shop.example/CheckoutErrorRate
  - alert: CheckoutErrorsSeen
    expr: sum by (service) (rate(http_requests_total{code=~"5.."}[5s])) > 0
    labels: {severity: warning}
    annotations: {summary: Checkout returns errors}
  - alert: DiskFilling
    expr: vector(1)
    labels: {severity: warning, service: db}
    annotations: {summary: The disk of db is full in four days}
  - alert: Watchdog
    expr: vector(1)
    labels: {severity: none}
    annotations: {summary: The pipeline works}
"#;

const ALERTMANAGER_YML: &str = r#"route: {receiver: chat, group_by: [alertname, service], group_wait: 1s, group_interval: 2s, repeat_interval: 1h}
inhibit_rules:
- {source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'], equal: [service]}
receivers: [{name: chat}]
"#;

/// The path of a server's program; fails the test if it is not there.
pub fn installed(program: &str, package: &str) -> String {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/bin", "/usr/sbin", "/usr/local/bin"].map(PathBuf::from);
    let found = std::env::split_paths(&folders).chain(usual).map(|folder| folder.join(program)).find(|p| p.is_file());
    match found {
        Some(path) => path.display().to_string(),
        None => {
            panic!("`{program}` is not installed, and these tests run against the real one: apt-get install {package}")
        }
    }
}

fn spawn(name: &str, argv: &[String], log: &Path) -> Child {
    let file = File::options().create(true).append(true).open(log).expect("a log file");
    let copy = file.try_clone().expect("a log file");
    Command::new(&argv[0])
        .args(&argv[1..])
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(copy)
        .spawn()
        .unwrap_or_else(|error| panic!("{name} does not start: {error}"))
}

/// An address nobody listens on. Another process may take the port before the server does; then it says so and ends.
fn free_address() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").to_string()
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}
