/*
 * Message ports of two agents: entangle, post, transfer, close. An independent check of the rules of
 * `crates/messaging/src/ports`: the queue belongs to the half and moves with it, a post goes to the target's
 * queue wherever that is, a close is a mark behind the last message.
 *
 *     spin -a -DPOSTS=4 ports.pml && cc -O2 -DSAFETY -DCOLLAPSE -o pan pan.c && ./pan -m100000
 *
 * Two channels join the agents; POSTS bounds the messages. An agent may stop between the parts of an
 * operation: a getter of a message runs script, and the other agent acts. Each agent ends some time, which
 * closes what it has.
 */

#ifndef POSTS
#define POSTS 3
#endif
#define HALVES 4
#define NONE 7

/* Owners besides the agents 0 and 1. */
#define QUEUED 2   /* in a message that waits */
#define HANDS 3    /* in a message that an agent writes or reads */
#define GONE 4

typedef Half {
    byte owner;
    byte holder;        /* QUEUED: the half in whose queue it waits */
    bool entangled;
    bool closing;       /* the peer has ended, and `close` has not been fired */
    bool fired;
    byte sent;          /* how many messages its peer has sent to it */
    byte expected;      /* how many of them have arrived */
    byte length;
    byte number[POSTS];
    byte carried[POSTS];
}

Half halves[HALVES];
byte posted, delivered, dropped, waiting;

/* The other half of a channel: 0 and 1, 2 and 3. */
#define PEER(h) ((h) ^ 1)

/* Ends the halves of the set `ending`, and those that their messages carry. */
inline end_all() {
    do
    :: ending != 0 ->
        e = 0;
        do
        :: (ending & (1 << e)) == 0 -> e++
        :: else -> break
        od;
        ending = ending & ~(1 << e);
        assert(halves[e].owner != GONE);
        if
        :: halves[e].entangled ->
            halves[PEER(e)].entangled = false;
            halves[PEER(e)].closing = true;
            halves[e].entangled = false
        :: else
        fi;
        halves[e].closing = false;
        halves[e].owner = GONE;
        do
        :: halves[e].length > 0 ->
            halves[e].length--;
            waiting--;
            dropped++;
            if
            :: halves[e].carried[halves[e].length] != NONE ->
                ending = ending | (1 << halves[e].carried[halves[e].length])
            :: else
            fi;
            halves[e].number[halves[e].length] = 0;
            halves[e].carried[halves[e].length] = 0
        :: else -> break
        od
    :: else -> break
    od;
    e = 0
}

/* What holds after each operation. */
inline check() {
    assert(posted == delivered + dropped + waiting + in_hands[0] + in_hands[1]);
    for (e : 0 .. HALVES - 1) {
        assert(halves[e].entangled == halves[PEER(e)].entangled);
        assert(!(halves[e].closing && halves[e].entangled));
        if
        :: halves[e].owner == QUEUED ->
            /* It is in just one message, and the walk up ends at an agent: nothing is lost in a ring. */
            u = halves[e].holder;
            places = 0;
            for (i : 0 .. POSTS - 1) {
                if
                :: i < halves[u].length && halves[u].carried[i] == e -> places++
                :: else
                fi
            }
            assert(places == 1);
            i = 0;
            do
            :: halves[u].owner == QUEUED && i <= HALVES -> u = halves[u].holder; i++
            :: else -> break
            od;
            assert(i <= HALVES && halves[u].owner != GONE)
        :: else
        fi
    }
    e = 0; u = 0; i = 0; places = 0
}

/* Messages that an agent writes or reads. */
byte in_hands[2];
byte ended;

proctype Agent(byte me) {
    byte h, t, c, e, u, i, places, ending;
    bool ring;
    do
    :: /* Post on a half, maybe with another half. */
        atomic {
            posted < POSTS ->
            select(h : 0 .. HALVES - 1);
            if
            :: halves[h].owner == me
            :: else -> h = 0; goto next
            fi;
            select(c : 0 .. HALVES);
            if
            :: c == HALVES -> c = NONE
            :: c < HALVES && c != h && halves[c].owner == me -> halves[c].owner = HANDS
            :: else -> h = 0; c = 0; goto next
            fi;
            /* The target is the peer at the time of the call. */
            t = (halves[h].entangled -> PEER(h) : NONE);
            posted++;
            in_hands[me]++;
            h = 0
        }
        /* A getter runs, and so may the other agent. */
        if
        :: skip
        :: atomic {
            /* The getter closes a half. */
            select(h : 0 .. HALVES - 1);
            if
            :: halves[h].owner == me -> ending = 1 << h; end_all()
            :: else
            fi;
            h = 0
        }
        fi;
        atomic {
            in_hands[me]--;
            ring = false;
            if
            :: t != NONE && c != NONE ->
                u = t;
                do
                :: u == c -> ring = true; break
                :: u != c && halves[u].owner == QUEUED -> u = halves[u].holder
                :: else -> break
                od;
                u = 0
            :: else
            fi;
            if
            :: t == NONE || ring || halves[t].owner == GONE ->
                dropped++;
                if
                :: c != NONE -> ending = 1 << c; end_all()
                :: else
                fi
            :: else ->
                halves[t].number[halves[t].length] = halves[t].sent;
                halves[t].carried[halves[t].length] = c;
                halves[t].length++;
                halves[t].sent++;
                waiting++;
                if
                :: c != NONE -> halves[c].owner = QUEUED; halves[c].holder = t
                :: else
                fi
            fi;
            ring = false; t = 0; c = 0;
            check()
        }
    :: /* Receive. */
        atomic {
            select(h : 0 .. HALVES - 1);
            if
            :: halves[h].owner == me && halves[h].length > 0
            :: else -> h = 0; goto next
            fi;
            /* In order, once, nothing missing. */
            assert(halves[h].number[0] == halves[h].expected);
            halves[h].expected++;
            c = halves[h].carried[0];
            halves[h].length--;
            for (i : 0 .. POSTS - 2) {
                if
                :: i < halves[h].length ->
                    halves[h].number[i] = halves[h].number[i + 1];
                    halves[h].carried[i] = halves[h].carried[i + 1]
                :: else
                fi
            }
            halves[h].number[halves[h].length] = 0;
            halves[h].carried[halves[h].length] = 0;
            i = 0; h = 0;
            waiting--;
            in_hands[me]++;
            if
            :: c != NONE -> halves[c].owner = HANDS; halves[c].holder = 0
            :: else
            fi
        }
        atomic {
            in_hands[me]--;
            if
            :: /* It cannot be deserialized. */
                dropped++;
                if
                :: c != NONE -> ending = 1 << c; end_all()
                :: else
                fi
            :: delivered++;
                if
                :: c != NONE -> halves[c].owner = me
                :: else
                fi
            fi;
            c = 0;
            check()
        }
    :: /* The `close` event: behind the last message, and once. */
        atomic {
            select(h : 0 .. HALVES - 1);
            if
            :: halves[h].owner == me && halves[h].closing && halves[h].length == 0 ->
                assert(!halves[h].fired);
                halves[h].fired = true;
                halves[h].closing = false
            :: else
            fi;
            h = 0
        }
    :: /* Close. */
        atomic {
            select(h : 0 .. HALVES - 1);
            if
            :: halves[h].owner == me -> ending = 1 << h; end_all()
            :: else
            fi;
            h = 0;
            check()
        }
    :: /* The agent ends. */
        break;
    next: skip
    od;
    atomic {
        for (h : 0 .. HALVES - 1) {
            if
            :: halves[h].owner == me -> ending = 1 << h; end_all()
            :: else
            fi
        }
        h = 0;
        check();
        ended++;
        if
        :: ended == 2 ->
            /* Nothing is left. */
            assert(waiting == 0 && posted == delivered + dropped);
            for (h : 0 .. HALVES - 1) {
                assert(halves[h].owner == GONE)
            }
        :: else
        fi
    }
}

init {
    atomic {
        byte h;
        for (h : 0 .. HALVES - 1) {
            /* The first channel joins the agents. Both ends of the second are with the first agent. */
            halves[h].owner = (h == 1 -> 1 : 0);
            halves[h].entangled = true
        }
        run Agent(0);
        run Agent(1)
    }
}
