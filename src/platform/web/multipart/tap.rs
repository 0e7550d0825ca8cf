//! The stream of a request's body, counted, timed and shared: the parser reads from it, and when
//! the parser gives up the rest is read from the same place.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::future::FutureExt;
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, Sleep, sleep};

type Body = Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

#[derive(Clone)]
pub(super) struct Tap(Rc<RefCell<Inner>>);

struct Inner {
    body: Body,
    idle: Duration,
    patience: Pin<Box<Sleep>>,
    most: u64,
    read: u64,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// The body is complete.
    Ended,
    /// More than may be read at all.
    Overflowed,
    TimedOut,
    /// The connection failed.
    Broken,
}

impl Tap {
    pub fn new(
        body: impl Stream<Item = Result<Bytes, PayloadError>> + 'static,
        idle: Duration,
        most: u64,
    ) -> Self {
        let patience = Box::pin(sleep(idle));
        let (read, state) = (0, State::Open);
        Self(Rc::new(RefCell::new(Inner {
            body: Box::pin(body),
            idle,
            patience,
            most,
            read,
            state,
        })))
    }

    /// Bytes so far.
    pub fn read(&self) -> u64 {
        self.0.borrow().read
    }

    pub fn state(&self) -> State {
        self.0.borrow().state
    }

    /// Reads what is left and throws it away.
    pub async fn drain(&self) {
        let mut rest = self.clone();
        while let Some(Ok(_)) = rest.next().await {}
    }
}

impl Stream for Tap {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll(cx)
    }
}

impl Inner {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, PayloadError>>> {
        if self.state != State::Open {
            return Poll::Ready(None);
        }
        let (state, answer) = match self.body.as_mut().poll_next(cx) {
            Poll::Ready(Some(Ok(bytes))) => {
                self.patience.as_mut().reset(Instant::now() + self.idle);
                self.read += bytes.len() as u64;
                if self.read <= self.most {
                    return Poll::Ready(Some(Ok(bytes)));
                }
                (State::Overflowed, Some(Err(PayloadError::Overflow)))
            }
            Poll::Ready(Some(Err(e))) => (State::Broken, Some(Err(e))),
            Poll::Ready(None) => (State::Ended, None),
            Poll::Pending => match self.patience.poll_unpin(cx) {
                Poll::Ready(()) => (State::TimedOut, Some(Err(PayloadError::Incomplete(None)))),
                Poll::Pending => return Poll::Pending,
            },
        };
        self.state = state;
        Poll::Ready(answer)
    }
}
