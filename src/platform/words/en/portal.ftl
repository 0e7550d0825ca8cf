# What requesters read of their own records. Plain words: no states, no codes.

portal-title = Your requests
portal-open = Open
portal-ended = Ended
portal-none = Nothing here yet
portal-none-text = What you report to the service desk, and what you follow, stands here.
portal-nothing-open = Nothing is open.
portal-first-page = Back to the beginning
portal-more = Show more
portal-for = For { $name }

## How it stands

portal-is-received = We have it
portal-is-working = We are working on it
portal-is-waiting-for-you = We are waiting for you
portal-is-waiting-for-requester = Waiting for an answer
portal-is-waiting-for-date = Waiting for the agreed date
portal-is-waiting-for-others = Waiting for somebody else
portal-is-waiting-for-approval = Waiting to be approved
portal-is-planned = Planned
portal-is-done = Done. Please check
portal-is-closed = Closed
portal-is-cancelled = Withdrawn
portal-is-declined = Declined

## What happens next

portal-next-received = Somebody will look at it and write to you here.
portal-next-working = We write to you here when there is news, or if we need something.
portal-next-waiting-for-you = Please answer below. We go on as soon as we have your answer.
portal-next-waiting-for-requester = We have asked a question and go on when it is answered.
portal-next-waiting-for-date = We go on at the date we agreed on.
portal-next-waiting-for-date-until = We go on at { $date }.
portal-next-waiting-for-others = We need somebody else for this and go on as soon as they have done their part. There is nothing you need to do.
portal-next-waiting-for-approval = Somebody has to agree to it first. There is nothing you need to do.
portal-next-planned = The work has a date. There is nothing you need to do.
portal-next-done = Tell us whether it works for you.
portal-next-done-until = Tell us whether it works for you. Without an answer it closes by itself at { $date }.
portal-next-closed = Nothing more happens here.
portal-next-cancelled = Nothing more happens here.
portal-next-declined = Nothing more happens here. The last message says why.

## One record

portal-we-ask = Our question
portal-conversation = Messages
portal-you = You
portal-answer = Your answer
portal-message = Your message
portal-private = Only you and the service desk
portal-private-hint = Only you and the service desk read what you write here.
portal-shared-hint = Others whom this affects read it too.
portal-files = Add files
portal-send = Send
portal-send-anyway = Send all the same
portal-news = Somebody wrote while you were writing. Read it below, then send.
portal-works = Yes, it works
portal-works-not = No, it does not
portal-works-not-why = What is still wrong?
portal-works-not-send = Tell the service desk
portal-cancel = I do not need this any more
portal-cancel-why = Why? We only want to learn from it.
portal-cancel-send = Withdraw it
portal-back-again = It happens again
portal-back-again-what = What happens?
portal-back-again-hint = This one is closed. We open a new one for you and look up what was done here.
portal-back-again-send = Report it again
portal-older = Show older messages

## What was done

portal-reply-sent = Thank you. Your message is with the service desk.
portal-confirmed = Thank you. We are glad it works.
portal-reopened = Thank you for telling us. We look at it again.
portal-cancelled = It is withdrawn.
portal-recurred = We have it as { $number }.
portal-cannot-cancel = This cannot be withdrawn here just now. Please write to us instead.
