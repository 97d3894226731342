"""What stands between the network and the desk: names of the host, headers, who asks, from where a form was sent, how often."""
