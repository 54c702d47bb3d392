//! A response body: whole, or cut in the middle.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::limits::CUT_AFTER;

/// A body of known length that may break its promise.
pub(crate) struct Body {
    first: Option<Bytes>,
    announced_bytes: u64,
    /// Set for a body that is cut: the pause before the cut, started when the first half is out.
    cut: Option<Option<Pin<Box<Sleep>>>>,
}

impl Body {
    /// All of `bytes`.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self {
            announced_bytes: len(&bytes),
            first: Some(bytes),
            cut: None,
        }
    }

    /// Announces all of `bytes`, sends the first half and then breaks the connection.
    pub(crate) fn cut(bytes: Bytes) -> Self {
        Self {
            announced_bytes: len(&bytes),
            first: Some(bytes.slice(..bytes.len() / 2)),
            cut: Some(None),
        }
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(bytes) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        let Some(pause) = self.cut.as_mut() else {
            return Poll::Ready(None);
        };
        ready!(
            pause
                .get_or_insert_with(|| Box::pin(sleep(CUT_AFTER)))
                .as_mut()
                .poll(cx)
        );
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionAborted))))
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.cut.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(if self.first.is_some() {
            self.announced_bytes
        } else {
            0
        })
    }
}

fn len(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
