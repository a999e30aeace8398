vcl 4.1;

# Hemicycle behind Varnish, for crowds (Debian 12 and later: Varnish 7): TLS and HTTP/2 end in nginx (nginx.conf, its
# upstream pointed at 127.0.0.1:6081), Varnish asks the edge once for what many viewers want.
#
#   varnishd -a 127.0.0.1:6081 -f /etc/varnish/hemicycle.vcl -s malloc,1G -p thread_pool_max=5000
#
# Viewers who wait for the same version of a playlist ask for the same address, `_HLS_msn` and `_HLS_part` included.
# Varnish sends one of them to the edge and lets the others wait for its answer, without a delay of its own. A viewer
# who waits this way takes no thread.

import std;

backend hemicycle {
    .host = "127.0.0.1";
    .port = "8080";
    .connect_timeout = 2s;
    # A blocked reload is answered after 12 s at the latest.
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 30s;
    .max_connections = 2000;
}

acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    # Withdrawn media: the product's purge hook, from this machine only. Through nginx every client would look local,
    # so what comes with a forwarding header is refused.
    if (req.method == "PURGE") {
        if (client.ip !~ purgers || req.http.X-Forwarded-Proto) {
            return (synth(405));
        }
        return (purge);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # An open stream cannot be shared.
    if (req.url ~ "^/live/[^/]+/events($|\?)") {
        return (pipe);
    }
    if (req.url ~ "^/(live|media)/") {
        # Public by address: who asks makes no difference.
        unset req.http.Cookie;
        unset req.http.Authorization;
        if (req.url ~ "^/media/[^?]+\.(m4s|mp4)\?") {
            # A query changes nothing about media; without it there is one object.
            set req.url = regsub(req.url, "\?.*$", "");
        }
        if (req.url ~ "\.m3u8($|\?)") {
            # Only the directives make a difference, in one order.
            set req.url = std.querysort(req.url);
        }
        return (hash);
    }
    # Pages, interfaces and uploads are the site's own business.
    return (pass);
}

sub vcl_pipe {
    set bereq.http.Connection = "close";
}

sub vcl_backend_response {
    # Nothing of the past is served once it is over: closing and pausing act at once.
    set beresp.grace = 0s;
    set beresp.keep = 0s;

    if (bereq.url !~ "^/(live|media)/") {
        return (deliver);
    }
    if (beresp.status != 200 && beresp.status != 304) {
        # A refusal is each viewer's own. Known as such for a moment, so that those who wait need not queue for it.
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        return (deliver);
    }
    if (bereq.url ~ "^/live/") {
        # Long enough for everybody who waits to be given this answer, short enough for nobody to see it late. A live
        # playlist that was not asked for by version must be younger than a part.
        if (bereq.url ~ "[?&]_HLS_msn=") {
            set beresp.ttl = 1s;
        } else {
            set beresp.ttl = 200ms;
        }
        unset beresp.http.Set-Cookie;
        return (deliver);
    }
    # Media keeps as long as the edge says. A part is whole before its first byte: nothing is gained by streaming it,
    # and who joins gets it at once.
    unset beresp.http.Set-Cookie;
    if (beresp.ttl > 1h && bereq.url ~ "/[0-9]+\.[0-9]+\.m4s$") {
        set beresp.ttl = 60s;
    }
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
