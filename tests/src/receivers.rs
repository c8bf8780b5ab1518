//! A mail server and a gateway of the test's own on this machine: they keep what they are told and answer as the test says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use base64::Engine;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A mail that was taken in.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Message-ID up to the @.
    pub id: String,
    pub to: String,
    pub head: String,
    pub text: String,
}

type Reply = dyn Fn(&str, usize) -> u16 + Send + Sync;

/// A mail server. Each recipient is answered by `reply`, which is told the address and how often it was named before.
#[derive(Clone)]
pub struct MailReceiver {
    pub port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
    named: Arc<Mutex<HashMap<String, usize>>>,
    reply: Arc<Reply>,
    pause: Duration,
    tls: Option<Tls>,
    /// What was given to sign in with, as it came.
    credentials: Arc<Mutex<Vec<String>>>,
}

/// How the conversation is encrypted.
#[derive(Clone)]
struct Tls {
    acceptor: TlsAcceptor,
    /// From the first byte, or once the client asks for it.
    implicit: bool,
}

/// A certificate made for a test, and the authority that signed it.
pub struct TestCertificate {
    /// The authority's, as a file has it.
    pub authority: String,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl TestCertificate {
    /// For this host, by an authority that nobody knows yet.
    pub fn of(host: &str) -> Self {
        let (authority_key, key) = (KeyPair::generate().expect("a key"), KeyPair::generate().expect("a key"));
        let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = authority.self_signed(&authority_key).expect("an authority");
        let leaf = CertificateParams::new(vec![host.to_owned()]).expect("parameters");
        let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key)).expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        Self { authority: root.pem(), chain: vec![leaf.der().clone()], key }
    }
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

impl MailReceiver {
    /// Takes every mail.
    pub async fn start() -> Self {
        Self::answering(Duration::ZERO, |_, _| 250).await
    }

    /// Thinks for `pause` before it says that it has a mail.
    pub async fn answering(pause: Duration, reply: impl Fn(&str, usize) -> u16 + Send + Sync + 'static) -> Self {
        Self::open(pause, Arc::new(reply), None).await
    }

    /// Takes every mail, and nothing in the clear.
    pub async fn encrypted(certificate: TestCertificate, implicit: bool) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
        let config = config.with_no_client_auth().with_single_cert(certificate.chain, certificate.key).expect("a certificate");
        Self::open(Duration::ZERO, Arc::new(|_, _| 250), Some(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), implicit })).await
    }

    async fn open(pause: Duration, reply: Arc<Reply>, tls: Option<Tls>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let receiver = Self { port, mails: Arc::default(), named: Arc::default(), reply, pause, tls, credentials: Arc::default() };
        let server = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { drop(server.converse(stream).await) });
            }
        });
        receiver
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().expect("the mails").clone()
    }

    /// How many recipients it was named.
    pub fn named(&self) -> usize {
        self.named.lock().expect("the names").len()
    }

    /// What it was given to sign in with.
    pub fn credentials(&self) -> Vec<String> {
        self.credentials.lock().expect("the credentials").clone()
    }

    async fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let implicit = self.tls.as_ref().filter(|tls| tls.implicit);
        let stream: Box<dyn Wire> = match implicit {
            Some(tls) => Box::new(tls.acceptor.accept(stream).await?),
            None => Box::new(stream),
        };
        let mut wire = BufReader::new(stream);
        let mut encrypted = implicit.is_some();
        wire.write_all(b"220 test ready\r\n").await?;
        wire.flush().await?;
        let mut to = String::new();
        while let Some(line) = next_line(&mut wire).await? {
            let verb = line.split(' ').next().unwrap_or("").to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" if encrypted => "250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME".to_owned(),
                "EHLO" if self.tls.is_some() => "250-test\r\n250-STARTTLS\r\n250 8BITMIME".to_owned(),
                "EHLO" => "250-test\r\n250 8BITMIME".to_owned(),
                "STARTTLS" => {
                    let Some(tls) = &self.tls else { return Ok(()) };
                    wire.write_all(b"220 go on\r\n").await?;
                    wire = BufReader::new(Box::new(tls.acceptor.accept(wire.into_inner()).await?));
                    encrypted = true;
                    continue;
                }
                "AUTH" => {
                    self.credentials.lock().expect("the credentials").push(line.clone());
                    "235 welcome".to_owned()
                }
                "MAIL" if self.tls.is_some() && !encrypted => "530 not in the clear".to_owned(),
                "RCPT" => {
                    to = line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address.to_owned()).unwrap_or_default();
                    let before = {
                        let mut named = self.named.lock().expect("the names");
                        let count = named.entry(to.clone()).or_default();
                        *count += 1;
                        *count - 1
                    };
                    format!("{} {to} as the test says", (self.reply)(&to, before))
                }
                "DATA" => {
                    wire.write_all(b"354 go on\r\n").await?;
                    wire.flush().await?;
                    let mut raw = String::new();
                    loop {
                        // Who hangs up in the middle of a mail has not sent it.
                        let Some(line) = next_line(&mut wire).await? else { return Ok(()) };
                        if line == "." {
                            break;
                        }
                        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                        raw.push('\n');
                    }
                    // It has the mail now, whether its answer arrives or not.
                    self.mails.lock().expect("the mails").push(read_mail(&to, &raw));
                    tokio::time::sleep(self.pause).await;
                    "250 taken".to_owned()
                }
                "QUIT" => "221 bye".to_owned(),
                _ => "250 ok".to_owned(),
            };
            wire.write_all(format!("{answer}\r\n").as_bytes()).await?;
            wire.flush().await?;
            if verb == "QUIT" {
                break;
            }
        }
        Ok(())
    }
}

async fn next_line(wire: &mut BufReader<Box<dyn Wire>>) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let read = wire.read_line(&mut line).await?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok((read > 0).then_some(line))
}

fn read_mail(to: &str, raw: &str) -> Mail {
    let (head, body) = raw.split_once("\n\n").unwrap_or((raw, ""));
    let id = head.lines().find_map(|line| line.strip_prefix("Message-ID: <")).and_then(|rest| rest.split_once('@')).map(|(id, _)| id.to_owned());
    let text = if head.to_ascii_lowercase().contains("encoding: base64") {
        let bytes = base64::engine::general_purpose::STANDARD.decode(body.replace('\n', "")).expect("base64");
        String::from_utf8(bytes).expect("text")
    } else {
        unquoted(body)
    };
    Mail { id: id.unwrap_or_default(), to: to.to_owned(), head: head.to_owned(), text }
}

/// Quoted-printable taken apart.
fn unquoted(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let [first, others @ ..] = rest {
        let coded = others.get(..2).and_then(|pair| std::str::from_utf8(pair).ok()).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match coded.filter(|_| *first == b'=') {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A call that a gateway was made.
#[derive(Debug, Clone)]
pub struct Heard {
    pub path: String,
    pub idempotency_key: String,
    pub body: String,
}

type Answering = dyn Fn(usize) -> (u16, String) + Send + Sync;

/// A gateway. The nth call (from zero) is answered by the test.
#[derive(Clone)]
pub struct Gateway {
    pub origin: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    answering: Arc<Answering>,
    pause: Duration,
}

impl Gateway {
    /// Takes everything, in the words of a robot.
    pub async fn start() -> Self {
        Self::answering(Duration::ZERO, |_| (200, "{\"errcode\":0}".to_owned())).await
    }

    /// Thinks for `pause` before each answer.
    pub async fn answering(pause: Duration, answering: impl Fn(usize) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let gateway = Self { origin, heard: Arc::default(), answering: Arc::new(answering), pause };
        let router = Router::new().fallback(hear).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        gateway
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("the calls").clone()
    }
}

async fn hear(State(gateway): State<Gateway>, request: Request) -> Response<Body> {
    let path = request.uri().to_string();
    let idempotency_key = request.headers().get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let body = axum::body::to_bytes(request.into_body(), 100_000).await.expect("a body");
    let body = String::from_utf8_lossy(&body).into_owned();
    let before = {
        let mut heard = gateway.heard.lock().expect("the calls");
        heard.push(Heard { path, idempotency_key, body });
        heard.len() - 1
    };
    tokio::time::sleep(gateway.pause).await;
    let (status, body) = (gateway.answering)(before);
    let response = Response::builder().status(status).header("location", format!("{}/elsewhere", gateway.origin));
    response.body(Body::from(body)).expect("an answer")
}
